# The brain: Rasa on Python 3.10 with the model that `make train` has made live. Build from the project's root:
#   docker build -f deploy/docker/brain.Dockerfile --build-arg MODEL=var/models/<name>.tar.gz -t bida-brain .
FROM python:3.10-slim AS build
WORKDIR /bida/bot/brain
COPY bot/brain/requirements.lock ./
RUN python -m venv .venv \
 && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.10-slim
RUN useradd --system --uid 10001 --create-home bida
WORKDIR /bida/bot/brain
ARG MODEL
COPY --from=build /bida/bot/brain/.venv .venv
COPY bot /bida/bot
COPY nlu_data /bida/nlu_data
COPY ${MODEL} /bida/model.tar.gz
ENV PYTHONPATH=/bida/bot/brain:/bida RASA_TELEMETRY_ENABLED=false SANIC_WORKERS=1 \
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 TF_CPP_MIN_LOG_LEVEL=3 PYTHONWARNINGS=ignore \
    PYTHONUNBUFFERED=1 ACTIONS_URL=http://connector:5055
USER bida
EXPOSE 5005
HEALTHCHECK --interval=10s --timeout=3s --start-period=120s CMD \
  [".venv/bin/python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:5005/webhooks/bida/health', timeout=2)"]
ENTRYPOINT [".venv/bin/python", "-m", "rasa", "run", "--enable-api", "--model", "/bida/model.tar.gz", \
  "--endpoints", "endpoints.yml", "--credentials", "credentials.yml", "--interface", "0.0.0.0", "--port", "5005"]
