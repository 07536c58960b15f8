"""Alerts that go out of the house, where people are reached who are not at the desk: WeCom's group robot and e-mail."""
