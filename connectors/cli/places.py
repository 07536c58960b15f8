"""Where things lie in a checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NLU_DATA = ROOT / "nlu_data"
BRAIN = ROOT / "bot" / "brain"
BRAIN_PYTHON = BRAIN / ".venv" / "bin" / "python"
VAR = ROOT / "var"
DEMO = VAR / "demo"
"""The demo keeps its store and its logs apart from those of the real account."""
ENV_FILE = ROOT / ".env"
