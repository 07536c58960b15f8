"""How long what is kept of followers stays."""

from dataclasses import dataclass

DAY = 86400


@dataclass(frozen=True)
class Retention:
    """Days after the last word of a follower, or after the event itself; each is a setting ``KEEP_..._DAYS``."""

    conversation_days: int = 180
    transcript_days: int = 180
    aside_days: int = 30
    media_days: int = 180
    ledger_days: int | None = None
    """None: for ever. It holds nothing personal."""

    @property
    def conversation_seconds(self) -> int:
        """Lifetime of a conversation's state after its last step."""
        return self.conversation_days * DAY

    @property
    def transcript_seconds(self) -> int:
        """Lifetime of a transcript after its last line."""
        return self.transcript_days * DAY

    @property
    def media_seconds(self) -> int:
        """Lifetime of pictures and other media."""
        return self.media_days * DAY

    @property
    def aside_seconds(self) -> int:
        """Lifetime of messages that nothing could be done with."""
        return self.aside_days * DAY


FOR_HALF_A_YEAR = Retention()
