"""The custom menu: ``/cgi-bin/menu/...``."""

from connectors.simulator.calls.call import Call, Fields, Handler
from connectors.simulator.model.codes import Refusal
from connectors.simulator.model.menu import Button, menu_fields, menu_of


async def create(call: Call) -> Fields:
    """Replace the whole menu."""
    call.platform.check("menu")
    call.platform.set_menu(menu_of(await call.json()))
    return {}


async def get(call: Call) -> Fields:
    """The menu as it was created."""
    call.platform.check("menu")
    if not call.platform.menu:
        raise Refusal(46003)
    return {"menu": {"button": menu_fields(call.platform.menu), "menuid": call.platform.menu_id}}


async def delete(call: Call) -> Fields:
    """Take the menu away."""
    call.platform.check("menu")
    call.platform.set_menu(())
    return {}


async def shown(call: Call) -> Fields:
    """The menu that followers see, wherever it was made; any kind of account may ask."""
    menu = call.platform.menu
    buttons = [_as_shown(button) for button in menu]
    return {"is_menu_open": int(bool(menu)), "selfmenu_info": {"button": buttons}}


def _as_shown(button: Button) -> Fields:
    if not button.buttons:
        return {k: v for k, v in menu_fields((button,))[0].items() if k != "sub_button"}
    return {"name": button.name, "sub_button": {"list": [_as_shown(one) for one in button.buttons]}}


CALLS: dict[str, tuple[str, Handler]] = {
    "/cgi-bin/menu/create": ("POST", create),
    "/cgi-bin/menu/get": ("GET", get),
    "/cgi-bin/menu/delete": ("GET", delete),
    "/cgi-bin/get_current_selfmenu_info": ("GET", shown),
}
