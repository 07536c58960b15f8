"""A local WeChat platform: its callbacks, its API and its followers' phones, as strict as the real one.

``model`` is the platform itself, without I/O; the modules beside it push, answer API calls and show a phone.
It knows nothing of the engine that it is used to try: any callback address will do.
"""
