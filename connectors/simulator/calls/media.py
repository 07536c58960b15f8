"""Temporary media: ``/cgi-bin/media/...``."""

from aiohttp import web
from aiohttp.web_request import FileField

from connectors.simulator.calls.call import Call, Fields, Handler
from connectors.simulator.model.codes import Refusal
from connectors.simulator.model.media import Media


async def upload(call: Call) -> Fields:
    """Keep a file for three days; it comes as the form's field ``media``."""
    call.platform.check("media")
    form = await _form(call.request)
    given = form.get("media")
    if not isinstance(given, FileField):
        raise Refusal(41005)
    kind = call.request.query.get("type", "")
    media = call.platform.media.add(kind, given.file.read(), call.now)
    name = "thumb_media_id" if kind == "thumb" else "media_id"
    return {"type": kind, name: media.id, "created_at": int(media.made_at)}


async def get(call: Call) -> Fields | web.Response:
    """The file itself; for a film the address where it lies."""
    call.platform.check("media")
    wanted = call.request.query.get("media_id")
    if not wanted:
        raise Refusal(41006)
    media = call.platform.media.find(wanted, call.now)
    if media.kind == "video":
        return {"video_url": f"{call.request.scheme}://{call.request.host}/media/{media.id}"}
    response = download(media)
    response.headers["Content-disposition"] = f'attachment; filename="{media.filename}"'
    return response


def download(media: Media) -> web.Response:
    """A file as it is."""
    return web.Response(body=media.content, content_type=media.content_type)


async def _form(request: web.Request) -> Fields:
    if not request.content_type.startswith("multipart/"):
        raise Refusal(41005)
    try:
        return dict(await request.post())
    except ValueError as error:
        raise Refusal(41005) from error


CALLS: dict[str, tuple[str, Handler]] = {
    "/cgi-bin/media/upload": ("POST", upload),
    "/cgi-bin/media/get": ("GET", get),
}
