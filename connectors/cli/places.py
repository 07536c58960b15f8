"""Where things lie in a checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NLU_DATA = ROOT / "nlu_data"
BRAIN = ROOT / "bot" / "brain"
BRAIN_PYTHON = BRAIN / ".venv" / "bin" / "python"
VAR = ROOT / "var"
LOGS = VAR / "log"
ENV_FILE = ROOT / ".env"
