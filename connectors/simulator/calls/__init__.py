"""The calls of ``api.weixin.qq.com`` that are played, one module a subject; each lists its paths in ``CALLS``."""

from connectors.simulator.calls import account, customer, media, menu, token
from connectors.simulator.calls.call import Handler

OPEN: dict[str, tuple[str, Handler]] = token.CALLS
"""Calls without an access token: path -> method and handler."""

WITH_TOKEN: dict[str, tuple[str, Handler]] = {
    **customer.CALLS,
    **menu.CALLS,
    **media.CALLS,
    **account.CALLS,
}
