"""The demo's own account: made up once, kept in ``var/demo.env``, known to connector and simulator alike."""

import secrets
import string
from pathlib import Path

_LETTERS = string.ascii_letters + string.digits


def demo_file(path: Path) -> Path:
    """The file with the demo's settings, written with fresh secrets at the first start."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text("".join(f"{name}={value}\n" for name, value in _settings().items()))
    return path


def _settings() -> dict[str, str]:
    return {
        "WECHAT_APP_ID": "wx" + secrets.token_hex(8),
        "WECHAT_APP_SECRET": secrets.token_hex(16),
        "WECHAT_TOKEN": _random(24),
        "WECHAT_ENCODING_AES_KEY": _random(43),
        "DESK_ADMIN_PASSWORD": _random(12),
    }


def _random(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))
