# The command in a container: docker build -t chapbook . && docker run --rm -v "$PWD:/book" chapbook check my-book
FROM debian:trixie-slim AS build
# Without versions: one that is named here is gone from the archive with the next security update.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3 python3-venv \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
WORKDIR /source
COPY LICENSE PACKAGE.md pyproject.toml ./
COPY src src
COPY styles styles
# The extras that books may need; the preview needs a browser outside.
RUN python3 -m venv /opt/chapbook \
 && /opt/chapbook/bin/pip install --no-cache-dir --quiet '.[epub,fonts,pymdown]' \
 && /opt/chapbook/bin/pip uninstall --quiet --yes pip \
 && /opt/chapbook/bin/chapbook --version

FROM debian:trixie-slim
# With the fonts a drawn cover has the letters of most scripts.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3 fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
 && useradd --uid 1000 --create-home author
COPY --from=build /opt/chapbook /opt/chapbook
ENV PATH=/opt/chapbook/bin:$PATH \
    CHAPBOOK_CACHE_DIR=/tmp/chapbook \
    LANG=C.UTF-8
USER 1000
WORKDIR /book
ENTRYPOINT ["chapbook"]
CMD ["--help"]
