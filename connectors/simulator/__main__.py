"""``python -m connectors.simulator``: start the simulated WeChat with the settings of the environment."""

from connectors.simulator.app import run

if __name__ == "__main__":
    run()
