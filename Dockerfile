# One image for both roles. As it stands it serves as a Beam worker (the base image's entry point); with
# `docker run --rm -v "$PWD:/data" --entrypoint pledgeline IMAGE backfill --input '/data/in/**/*.html' --output /data/out`
# it is the command line.
FROM apache/beam_python3.11_sdk:2.77.0

WORKDIR /opt/pledgeline
COPY setup.py pyproject.toml MANIFEST.in README.md LICENSE ./
COPY schemas schemas
COPY lexicons lexicons
COPY models models
COPY transforms transforms
COPY pipelines pipelines
COPY warehouse warehouse
COPY seeds seeds
# The second command fails the build where the command line, the lexicons or the model do not load.
RUN pip install --no-cache-dir . \
    && pledgeline backfill --input 'seeds/articles/*.txt' --output /tmp/smoke \
    && rm -rf /tmp/smoke build ./*.egg-info

WORKDIR /data
