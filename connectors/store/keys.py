"""Every key in Redis: one function a key; its docstring gives type, lifetime and reason.

All keys of an account carry its id as hash tag, so that one cluster slot holds them and scripts may touch several.
"""

import hashlib
from dataclasses import dataclass

CLOCK_OFFSET = "bida:clock:offset"
"""String, and a channel of the same name: seconds that simulated clocks are ahead. No lifetime: one small value."""

AGENTS = "bida:desk:agents"
"""Hash, log-in name -> JSON with the argon2 hash. No lifetime: accounts stay until they are removed."""

TEAMS = "bida:desk:teams"
"""String: all teams as one JSON. No lifetime: they stay until they are removed."""

CANNED = "bida:desk:canned"
"""Hash, id -> JSON: the canned replies, shared ones and agents' own. No lifetime: they stay until they are removed."""

PRESENCE = "bida:desk:presence"
"""Hash, log-in name -> chosen presence. No lifetime: it stands until another one is chosen."""

PRESENCE_NEWS = "bida:desk:presence_news"
"""Channel: the log-in name of an agent whose presence has changed."""

SIGNS = "bida:desk:signs"
"""Sorted set, log-in name -> last sign of life of a page (Unix seconds). No lifetime: one small value an account."""

DISPATCH_LEASE = "bida:desk:dispatch_lease"
"""String: the process that offers conversations and takes them back. Lives seconds: a dead one blocks nobody."""

LAST_LOGINS = "bida:desk:last_logins"
"""Hash, log-in name -> Unix seconds. No lifetime: a field goes with its account."""

AUDIT = "bida:desk:audit"
"""Stream: who saw and changed what at the desk, without followers' words or openids. KEEP_AUDIT_DAYS."""

DAY = 86400


SESSIONS = "bida_desk"
"""Prefix of the desk's sessions, ``bida_desk_<cookie>``: JSON. They live DESK_SESSION_HOURS."""


def sessions_of(agent: str) -> str:
    """Hash, session's number -> JSON of browser and times; what is not in it has ended. Lives DESK_SESSION_HOURS."""
    return f"bida:desk:sessions:{agent}"


def seen_lately(agent: str, what: str) -> str:
    """String: this agent's looking at this is in the audit log. Lives minutes, in which it is not written again."""
    return f"bida:desk:seen:{agent}:{what}"


ALERTS_DUE = "bida:alerts:due"
"""Sorted set, letter -> when to send it (Unix seconds). Empties itself."""

ALERT_LETTERS = "bida:alerts:letters"
"""Hash, letter -> JSON of an alert to one receiver, until it is sent or given up. Empties itself."""

ALERTS_TOLD = "bida:alerts:told"
"""Hash, kind and team -> when such an alert was last decided (Unix seconds). No lifetime: one small value a team."""

ALERTS_LEASE = "bida:alerts:lease"
"""String: the process that decides and sends alerts. Lives seconds, so that a dead one blocks nobody."""


def robot_pace(robot: str) -> str:
    """String: messages to this robot (a hash of its address) in this minute. Lives a minute: WeCom takes 20 in it."""
    return f"bida:alerts:pace:{robot}"


def login_failures(kind: str, value: str) -> str:
    """String: tries to log in with this name or from this address. Lives a quarter of an hour after the first."""
    return f"bida:desk:failures:{kind}:{value}"


ALERTED_SECONDS = 3 * DAY
"""Longer than WeChat's window, after which nobody waits any more."""

EXCHANGE_SECONDS = DAY
"""WeChat repeats within seconds; a day leaves room for any delay."""

WAITS_SECONDS = 6 * 3600
"""Waits of longer ago say nothing of now."""

SIGNATURE_SECONDS = 1200
"""Twice the age at which a request is refused anyway."""

DATA_VERSION = "bida:data_version"
"""String: the form of all that is kept here, see ``connectors.store.versions``. No lifetime: one small value."""


@dataclass(frozen=True)
class Keys:
    """The keys of one official account."""

    account: str

    def _key(self, *parts: str) -> str:
        return ":".join((f"bida:{{{self.account}}}", *parts))

    def exchange(self, message: str) -> str:
        """Hash: one push of WeChat: digest, count of deliveries, until when a callback is open, reply, when taken, and
        an answer that came too late.

        Lives EXCHANGE_SECONDS, for repeats.
        """
        return self._key("exchange", message)

    def signature(self, signature: str) -> str:
        """String: the message that this request signature came with. Lives SIGNATURE_SECONDS, against replays."""
        return self._key("signature", signature)

    def exchanges(self, openid: str) -> str:
        """Sorted set, message -> when it came: the exchanges of one follower, so that they can be forgotten.

        Lives EXCHANGE_SECONDS after the last, as the exchanges do.
        """
        return self._key("exchanges", openid)

    def left(self, openid: str) -> str:
        """String: when a follower left, whose openid it does not tell. Lives minutes: older pushes may still come."""
        told = hashlib.sha256(f"{self.account}:{openid}".encode()).hexdigest()
        return self._key("left", told[:32])

    def inbox(self, openid: str) -> str:
        """List of JSON messages of one follower, oldest first; the head goes when its step is committed."""
        return self._key("inbox", openid)

    def conversation(self, openid: str) -> str:
        """Hash {version, state}: the truth about one follower. Lives KEEP_CONVERSATION_DAYS after the last step."""
        return self._key("conversation", openid)

    def transcript(self, openid: str) -> str:
        """List of JSON lines, oldest first. Lives KEEP_TRANSCRIPT_DAYS after the last line."""
        return self._key("transcript", openid)

    def deliveries(self, openid: str) -> str:
        """Hash, bubble id -> how far it came, then the errcode of a refusal. Lives as the transcript does."""
        return self._key("deliveries", openid)

    def scheduled(self) -> str:
        """Set of followers that stand in ``ready`` or with a worker: each at most once. Empties itself."""
        return self._key("scheduled")

    def ready(self) -> str:
        """List of followers with something to do, waiting for a worker. Empties itself."""
        return self._key("ready")

    def working(self, worker: str) -> str:
        """List of followers that this worker holds: the lease that commits are checked against. Empties itself."""
        return self._key("working", worker)

    def workers(self) -> str:
        """Sorted set, worker -> last sign of life. Those silent for an hour are removed."""
        return self._key("workers")

    def alive(self, worker: str) -> str:
        """String: the worker's sign of life. Lives a few seconds: its absence means dead."""
        return self._key("alive", worker)

    def aside(self) -> str:
        """List of JSON messages that nothing could be done with. Lives KEEP_ASIDE_DAYS after the last."""
        return self._key("aside")

    def wake(self) -> str:
        """Sorted set, follower -> when something of theirs falls due (Unix seconds). Rebuilt by each commit."""
        return self._key("wake")

    def waiting(self) -> str:
        """Sorted set, follower -> place in the order of those who wait (``Listed.order``). Rebuilt by each commit."""
        return self._key("waiting")

    def listed(self) -> str:
        """Hash, follower -> JSON of what the desk's lists show, for all who want people. Rebuilt by each commit."""
        return self._key("listed")

    def waits(self, team: str) -> str:
        """List, newest first: from when until when somebody waited for a team's first word. Lives WAITS_SECONDS after
        the last; names nobody.
        """
        return self._key("waits", team)

    def marks(self, openid: str) -> str:
        """Set of moments: messages that agents say the bot should have known. Lives as the transcript does."""
        return self._key("marks", openid)

    def tags(self, openid: str) -> str:
        """Set of words: what agents remember of a follower. Lives KEEP_CONVERSATION_DAYS after the last change."""
        return self._key("tags", openid)

    def viewers(self, openid: str) -> str:
        """Hash, agent -> JSON: who looks at a conversation or writes in it. Lives seconds after the last sign."""
        return self._key("viewers", openid)

    def viewing(self) -> str:
        """Channel: the openid of a conversation whose viewers changed."""
        return self._key("viewing")

    def mentions(self) -> str:
        """Hash, "openid agent" -> since when (Unix seconds): mentions in notes that are not read. Empties itself."""
        return self._key("mentions")

    def alias(self, alias: str) -> str:
        """String: the openid that an alias stands for. Lives as the conversation does, and goes with it."""
        return self._key("alias", alias)

    def alerted(self, openid: str) -> str:
        """Hash, kind of alert -> the moment that it was about, so that it is told once. Lives ALERTED_SECONDS."""
        return self._key("alerted", openid)

    def arrival(self, openid: str) -> str:
        """String: JSON of who was asked to expect a follower at the door, and who will. Lives ALERTED_SECONDS."""
        return self._key("arrival", openid)

    def tracker(self, openid: str) -> str:
        """The brain's: a follower's recent events (``bot/brain/components/memory.py``)."""
        return self._key("tracker", openid)

    def turns(self, openid: str, day: int) -> str:
        """The brain's: its answers to a follower on one day, counted from 1970 (UTC)."""
        return self._key(f"turns:{day}", openid)

    def second_passes(self) -> str:
        """Sorted set, follower -> when a forgetting is done a second time. Empties itself within a minute or two."""
        return self._key("second_passes")

    def unwritten(self) -> str:
        """String: since when the append-only file holds what was forgotten. Goes when its rewriting begins."""
        return self._key("unwritten")

    def rewriting(self) -> str:
        """String: the server's run id, and its count of rewritings when one was begun. Goes when that is done."""
        return self._key("rewriting")

    def receipts(self) -> str:
        """Stream {at, keys, hash} of forgettings. No lifetime: the proof, which tells nobody's openid."""
        return self._key("receipts")

    def media(self, openid: str) -> str:
        """Hash, message key -> JSON: a follower's picture, voice or video and its file. Lives KEEP_MEDIA_DAYS."""
        return self._key("media", openid)

    def media_wanted(self) -> str:
        """Sorted set, "follower message" -> when to fetch that message's file (Unix seconds). Empties itself."""
        return self._key("media_wanted")

    def ledger(self) -> str:
        """Stream: the ledger of enquiries. No lifetime: it is the proof, and holds no personal data."""
        return self._key("ledger")

    def figures(self) -> str:
        """Hash, day -> JSON of what the reports count, and up to where. No lifetime: it outlives the ledger's lines."""
        return self._key("figures")

    def token(self) -> str:
        """Hash {token, expires_at}: the account's access token. Lives as long as the token."""
        return self._key("token")

    def token_lock(self) -> str:
        """String: who is fetching a token. Lives seconds, so that a dead fetcher blocks nobody."""
        return self._key("token_lock")

    def token_failure(self) -> str:
        """String: why WeChat gave no token. Lives seconds, in which nobody asks again."""
        return self._key("token_failure")

    def pause(self) -> str:
        """String: until when nothing is sent for the account (Unix seconds). Lives so long."""
        return self._key("pause")

    def finished(self) -> str:
        """Channel: JSON {key, reply} of an exchange whose step is committed."""
        return self._key("finished")

    def desk(self) -> str:
        """Channel: the openid of a conversation that the desk should show anew."""
        return self._key("desk")
