# The connector: callback, worker, desk and actions. Build from the project's root:
#   docker build -f deploy/docker/connector.Dockerfile -t bida-connector .
FROM python:3.11-slim AS build
WORKDIR /bida
COPY requirements.lock ./
RUN python -m venv .venv \
 && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.11-slim
RUN useradd --system --uid 10001 bida
WORKDIR /bida
COPY --from=build /bida/.venv .venv
COPY bot bot
COPY actions actions
COPY connectors connectors
COPY nlu_data nlu_data
ENV PYTHONUNBUFFERED=1 HOST=0.0.0.0
USER bida
EXPOSE 8080 5055
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD \
  [".venv/bin/python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/healthz', timeout=2)"]
# One process with all roles; `--role worker` and so on start them apart.
ENTRYPOINT [".venv/bin/python", "-m", "connectors.cli"]
CMD ["run"]
