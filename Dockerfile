# Calls in one image, on SQLite in the volume /data or on PostgreSQL (CALLS_DATABASE).
#   docker build -t calls . && docker run -p 8000:8000 -v calls:/data -e CALLS_URL=https://calls.example calls
FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /source
RUN python -m venv /opt/calls
COPY requirements.lock ./
RUN /opt/calls/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY calls calls
COPY templates templates
RUN /opt/calls/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheel . \
    && /opt/calls/bin/pip install --no-deps /wheel/calls-*.whl \
    && /opt/calls/bin/pip uninstall --yes hatchling pip

FROM python:3.13-slim
COPY --from=build /opt/calls /opt/calls
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin calls \
    && install --directory --owner=calls --group=calls --mode=0700 /data
ENV PATH=/opt/calls/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 CALLS_DATA=/data
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
CMD ["calls", "serve", "--host", "0.0.0.0", "--port", "8000"]
