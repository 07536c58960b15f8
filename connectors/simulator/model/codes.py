"""WeChat's return codes, as far as the simulator refuses things with them (全局返回码)."""

TEXTS = {
    -1: "system error",
    0: "ok",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40008: "invalid message type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40033: r"invalid charset. please check your request, if include \uxxxx will create fail!",
    40035: "invalid parameter",
    40125: "invalid appsecret",
    40200: "invalid account type",
    40202: "invalid action",
    40203: "invalid check_operator",
    40213: "invalid href tag in text",
    40214: "invalid text in href tag",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    42001: "access_token expired",
    43001: "require GET method",
    43002: "require POST method",
    43004: "require subscribe",
    44002: "empty post data",
    44004: "empty content",
    45002: "content size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    45072: "command illegal",
    45080: "no message exchanged in the last 30 seconds",
    45081: "already typing",
    45098: "msgmenu list too large",
    45099: "msgmenu item too large",
    47001: "data format error",
    48001: "api unauthorized",
    65401: "invalid kf_account",
}


class Refusal(Exception):
    """The platform refuses an API call with ``errcode``."""

    def __init__(self, errcode: int, detail: str = "") -> None:
        self.errcode = errcode
        text = TEXTS.get(errcode, "refused")
        self.errmsg = f"{text}: {detail}" if detail else text
        super().__init__(f"{errcode} {self.errmsg}")
