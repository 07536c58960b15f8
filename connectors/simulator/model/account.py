"""An official account as its owner set it up in WeChat's console."""

from dataclasses import dataclass
from typing import Literal

Mode = Literal["plain", "compatible", "safe"]
AccountKind = Literal[
    "verified_service",
    "verified_subscription",
    "unverified_service",
    "unverified_subscription",
    "test",
]


@dataclass(frozen=True)
class Account:
    """``aes_key`` is the EncodingAESKey of 43 characters; ``mode`` is how pushes are encrypted."""

    app_id: str
    secret: str
    original_id: str
    token: str
    aes_key: str
    mode: Mode
    kind: AccountKind
    callback_url: str
    kf_accounts: frozenset[str] = frozenset()

    @property
    def is_test(self) -> bool:
        """Whether this is a sandbox account (公众平台接口测试号): smaller quotas, no message menus."""
        return self.kind == "test"

    @property
    def is_verified(self) -> bool:
        """Whether the account went through 微信认证."""
        return self.kind.startswith("verified")

    @property
    def may_send(self) -> bool:
        """Whether it may send customer-service messages."""
        return self.is_verified or self.is_test
