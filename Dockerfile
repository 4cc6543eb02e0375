# The app for a class, on CPUs; docs/deployment.md says how to start it.
FROM python:3.12-slim

# First the CPU build of torch: PyPI's own for Linux brings gigabytes of CUDA along.
RUN python -m pip install --no-cache-dir "torch~=2.13.0" --index-url https://download.pytorch.org/whl/cpu

WORKDIR /build
COPY pyproject.toml setup.py README.md LICENSE app.py ./
COPY .streamlit .streamlit
COPY pages pages
COPY latentlab latentlab
COPY checkpoints checkpoints
RUN python -m pip install --no-cache-dir .

# Nobody's account: it owns nothing, has no name and no home but /tmp.
WORKDIR /tmp
USER 65534:65534
ENV HOME=/tmp OMP_NUM_THREADS=2 PYTHONDONTWRITEBYTECODE=1
EXPOSE 8501
HEALTHCHECK --start-period=30s CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/_stcore/health', timeout=5)"]
CMD ["latentlab", "run", "--", "--server.address", "0.0.0.0", "--server.headless", "true"]
