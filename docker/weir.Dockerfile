# weir itself: one program with Swift's runtime inside, and the two libraries of the system that it uses. It is built
# outside of the image, by `make image`; the context is the folder where that leaves the program.
FROM debian:bookworm-slim

RUN apt-get update \
    && apt-get install --yes --no-install-recommends libcurl4 libsqlite3-0 tzdata \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*

COPY weir /usr/local/bin/weir

# Queues, groups and records: what must outlive the container.
VOLUME /state
ENV WEIR_STATE=/state
HEALTHCHECK --interval=5s --timeout=3s --retries=5 CMD ["weir", "status"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["weir"]
CMD ["run", "/policies"]
