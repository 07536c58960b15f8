"""Agents' pictures on their way to WeChat."""

from dataclasses import dataclass

from connectors.wechat.api import Api, ApiError
from connectors.wechat.media import MediaKeeper, type_of

INVALID_MEDIA = 40007

NAMES = {"image/png": "picture.png", "image/jpeg": "picture.jpg"}
"""What WeChat takes from agents; it goes by the name's end and by the bytes."""

LARGEST_BYTES = 10 * 1024 * 1024
"""WeChat's limit for a picture (its page 新增临时素材)."""


@dataclass(frozen=True)
class Pictures:
    """Uploads kept files of one account."""

    api: Api
    keeper: MediaKeeper

    async def uploaded(self, openid: str, key: str) -> str:
        """The media id of a kept picture. Raises ApiError, 40007 if it is not here any more, and as ``Api.call``."""
        content = await self.keeper.content(openid, key)
        if content is None:
            raise ApiError(INVALID_MEDIA, "the picture is not here any more")
        return await self.api.upload("image", content, NAMES.get(type_of(content), "picture.jpg"))
