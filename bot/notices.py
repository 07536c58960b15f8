"""What the engine itself says to followers, and the values that it gives each text."""

from collections.abc import Mapping, Sequence

NOTICES: Mapping[str, Sequence[str]] = {
    "notice_welcome": (),
    "notice_queued": ("place", "wait"),
    "notice_still_waiting": ("place", "wait"),
    "notice_night": ("opens",),
    "notice_last_word": (),
    "notice_ask_again": (),
    "notice_left_queue": (),
    "notice_taken": ("agent",),
    "notice_closed": (),
    "notice_expected": ("agent", "place"),
    "notice_rating": (),
    "notice_rated": (),
    "notice_brain_down": (),
    "notice_please_resend": (),
    "notice_media_kept": (),
    "notice_unsupported": (),
    "notice_link": (),
    "notice_location": ("shops",),
    "notice_too_many": (),
    "notice_busy": (),
    "notice_late": (),
}
"""Names in ``nlu_data/answers``: these must be there, and may ask for nothing else."""
