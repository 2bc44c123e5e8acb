"""The parts that tests run against, each in a module of its own: real services, and providers on the wire."""

pytest_plugins = [
    "tests.fixtures.database",
    "tests.fixtures.control",
    "tests.fixtures.providers",
    "tests.fixtures.stack",
]
