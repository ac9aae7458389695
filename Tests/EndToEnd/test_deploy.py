"""The files of deploy/ on this machine: the unit, the proxy in front of the running service, the container file."""

import contextlib
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

import pytest

from service import PROGRAM

TOP = Path(__file__).resolve().parents[2]
DEPLOY = TOP / "deploy"


def run(*command):
    return subprocess.run(
        [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60
    )


def packages(name):
    """The Debian packages that one of deploy's lists names."""
    lines = (DEPLOY / name).read_text().splitlines()
    return [line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# The systemd unit


@pytest.fixture
def unit(tmp_path):
    """The unit with its program where the build left it: a unit whose program is missing does not verify."""
    text = (DEPLOY / "sikimr.service").read_text()
    assert "ExecStart=/usr/local/bin/sikimr serve\n" in text
    path = tmp_path / "sikimr.service"
    path.write_text(text.replace("/usr/local/bin/sikimr", str(PROGRAM)))
    return path


def test_systemd_accepts_the_unit_without_a_word(unit):
    answer = run("systemd-analyze", "verify", "--man=no", unit)
    complaints = [line for line in answer.stdout.splitlines() if "sikimr" in line]
    assert (answer.returncode, complaints) == (0, [])


def test_the_unit_exposes_two_at_most(unit):
    answer = run("systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", unit)
    assert answer.returncode == 0, answer.stdout
    exposure = re.search(r"exposure level for \S+: ([0-9.]+)", answer.stdout)
    assert exposure and float(exposure[1]) <= 2.0


# nginx


@dataclass
class Front:
    """A running nginx with the repository's configuration, on a port of its own."""

    port: int
    folder: Path
    context: ssl.SSLContext

    def request(self, method, target, headers=None, body=None):
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context, timeout=10)
        with contextlib.closing(connection):
            connection.request(method, target, headers=headers or {}, body=body)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()


def configuration(folder, listen, upstream):
    """The repository's nginx.conf, moved into a folder and onto two ports; nothing else differs."""
    text = (DEPLOY / "nginx.conf").read_text()
    temporary = "".join(f"    {name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    for old, new in [
        ("user www-data;", "user root;" if os.geteuid() == 0 else ""),
        ("/run/nginx.pid", f"{folder}/nginx.pid"),
        ("/var/log/nginx/", f"{folder}/"),
        ("/etc/sikimr/tls/", f"{folder}/"),
        ("        listen [::]:443 ssl http2;\n", ""),
        ("listen 443 ", f"listen 127.0.0.1:{listen} "),
        ("server 127.0.0.1:8080;", f"server 127.0.0.1:{upstream};"),
        ("http {\n", "http {\n" + temporary),
    ]:
        assert text.count(old) >= 1, old
        text = text.replace(old, new)
    path = folder / "nginx.conf"
    path.write_text(text)
    made = run(
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
        "-keyout", folder / "key.pem", "-out", folder / "certificate.pem",
    )
    assert made.returncode == 0, made.stdout
    return path


def nginx():
    return shutil.which("nginx") or "/usr/sbin/nginx"


@contextlib.contextmanager
def fronting(folder, upstream):
    """nginx before the given port, ended when the block ends."""
    port = free_port()
    path = configuration(folder, port, upstream)
    # -e: before it has read its configuration nginx would write to the system's log.
    process = subprocess.Popen([nginx(), "-e", folder / "start.log", "-c", path, "-g", "daemon off;"], stdin=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < deadline, (folder / "start.log").read_text()
                time.sleep(0.02)
        yield Front(port, folder, ssl.create_default_context(cafile=folder / "certificate.pem"))
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture
def front(tmp_path, service):
    with fronting(tmp_path, urllib.parse.urlsplit(service.base).port) as running:
        yield running


@pytest.fixture
def upstream():
    """A listening socket in the service's place, for what only raw bytes can show."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        yield listener


def received_until(connection, ending):
    received = b""
    while ending not in received:
        part = connection.recv(65536)
        assert part, received
        received += part
    return received


def test_nginx_accepts_the_configuration(tmp_path):
    answer = run(nginx(), "-t", "-e", tmp_path / "start.log", "-c", configuration(tmp_path, free_port(), free_port()))
    assert answer.returncode == 0 and "[warn]" not in answer.stdout, answer.stdout


def test_a_request_reaches_the_service_through_tls(front):
    status, headers, _ = front.request("GET", "/livez", {"X-Request-Id": "through-the-proxy"})
    assert status == 200
    assert headers.get_all("X-Request-Id") == ["through-the-proxy"]
    assert headers.get_all("Strict-Transport-Security") == ["max-age=31536000"]
    assert len(headers.get_all("Cache-Control")) == 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_proxy_offers_http_2_and_tls_1_2_at_least(front):
    front.context.set_alpn_protocols(["h2", "http/1.1"])
    with socket.create_connection(("127.0.0.1", front.port), timeout=10) as plain:
        with front.context.wrap_socket(plain, server_hostname="localhost") as secure:
            assert secure.selected_alpn_protocol() == "h2"
            assert secure.version() in ("TLSv1.2", "TLSv1.3")
    # At security level 0 this side would go down to TLS 1.1; so only the proxy can be the one that refuses.
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname = False
    old.verify_mode = ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", front.port), timeout=10) as plain:
        with pytest.raises(ssl.SSLError, match="ALERT_PROTOCOL_VERSION"):
            old.wrap_socket(plain)


def test_no_query_reaches_the_access_log(front):
    front.request("GET", "/livez?q=nama-rahasia")
    front.request("GET", "/livez", {"X-Request-Id": "the-line-after"})
    log = front.folder / "access.log"
    deadline = time.monotonic() + 10
    while "the-line-after" not in log.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert "nama-rahasia" not in log.read_text()
    assert [json.loads(line)["path"] for line in log.read_text().splitlines()] == ["/livez", "/livez"]


def test_what_the_proxy_refuses_is_a_problem_document(front):
    status, headers, body = front.request("POST", "/v1/consultations", {"Content-Length": str(3 << 20)})
    problem = json.loads(body)
    assert (status, headers["Content-Type"]) == (413, "application/problem+json; charset=utf-8")
    assert (problem["status"], problem["code"], problem["type"]) == (413, "too_large", "/problems/too_large")
    assert problem["request_id"] == headers["X-Request-Id"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_service_that_is_down_is_a_503_with_retry_after(tmp_path):
    with fronting(tmp_path, free_port()) as front:
        status, headers, body = front.request("GET", "/livez")
    assert (status, json.loads(body)["code"], headers["Retry-After"]) == (503, "unavailable", "5")


def test_a_claimed_address_does_not_pass(tmp_path, upstream):
    with fronting(tmp_path, upstream.getsockname()[1]) as front:
        answers = []
        claims = {"X-Forwarded-For": "10.9.8.7", "Forwarded": "for=10.9.8.7", "X-Request-Id": "mine"}
        client = threading.Thread(target=lambda: answers.append(front.request("GET", "/a%2Fb//c?d=%20", claims)))
        client.start()
        connection, _ = upstream.accept()
        with connection:
            head = received_until(connection, b"\r\n\r\n").decode()
            connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
            client.join(timeout=10)
    lines = head.split("\r\n")
    assert lines[0] == "GET /a%2Fb//c?d=%20 HTTP/1.1"
    assert "10.9.8.7" not in head
    assert "X-Forwarded-For: 127.0.0.1" in lines and "X-Request-Id: mine" in lines and f"Host: 127.0.0.1:{front.port}" in lines
    assert answers[0][0] == 204


def test_an_event_arrives_while_the_stream_stays_open(tmp_path, upstream):
    with fronting(tmp_path, upstream.getsockname()[1]) as front:
        plain = socket.create_connection(("127.0.0.1", front.port), timeout=10)
        with plain, front.context.wrap_socket(plain, server_hostname="localhost") as secure:
            secure.sendall(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
            connection, _ = upstream.accept()
            with connection:
                received_until(connection, b"\r\n\r\n")
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
                connection.sendall(b"7\r\nid: 1\n\n\r\n")
                assert b"id: 1\n\n" in received_until(secure, b"id: 1\n\n")


class Stream:
    """The stream of events of the running service as it comes through the proxy."""

    def __init__(self, front, token, *fields):
        plain = socket.create_connection(("127.0.0.1", front.port), timeout=10)
        self.connection = front.context.wrap_socket(plain, server_hostname="localhost")
        head = ["GET /v1/events HTTP/1.1", "Host: localhost", "Accept: text/event-stream", f"Authorization: Bearer {token}", *fields]
        self.connection.sendall("\r\n".join([*head, "", ""]).encode())
        self.received = received_until(self.connection, b"\r\n\r\n")

    def until(self, text, seconds):
        """Waits for a text to come, and gives how long that took."""
        began = time.monotonic()
        while text.encode() not in self.received:
            self.connection.settimeout(began + seconds - time.monotonic())
            part = self.connection.recv(65536)
            assert part, self.received
            self.received += part
        return time.monotonic() - began

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()


def test_the_stream_of_events_passes_the_proxy_at_once_resumes_and_stays_open(front, service):
    admin = service.admin()
    with Stream(front, admin.token) as stream:
        assert stream.received.startswith(b"HTTP/1.1 200 ") and b"Content-Type: text/event-stream" in stream.received
        stream.until("retry: 3000\n\nid: ", 2)
        place = int(re.search(r"id: (\d+)\n\n", stream.received.decode())[1])
        unit = service.make_unit(admin)
        stream.until(unit["id"], 2)
        assert f"id: {place + 1}\nevent: unit.create\n" in stream.received.decode()
        other = service.make_unit(admin)
        stream.until(other["id"], 2)
        # One that was cut off goes on from the last it has seen.
        with Stream(front, admin.token, f"Last-Event-ID: {place + 1}") as again:
            again.until(other["id"], 2)
            assert unit["id"] not in again.received.decode() and "event: reset" not in again.received.decode()
        # Nothing happens any more: the heartbeat comes through, and the stream is still there after it.
        stream.until("\n:\n\n", 20)
        last = service.make_unit(admin)
        stream.until(last["id"], 2)


def test_an_upload_arrives_before_it_has_ended(tmp_path, upstream):
    with fronting(tmp_path, upstream.getsockname()[1]) as front:
        plain = socket.create_connection(("127.0.0.1", front.port), timeout=10)
        with plain, front.context.wrap_socket(plain, server_hostname="localhost") as secure:
            head = "POST /v1/consultations/con_1/attachments HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % (100 << 20)
            secure.sendall(head.encode() + b"first bytes")
            connection, _ = upstream.accept()
            with connection:
                connection.settimeout(10)
                assert b"first bytes" in received_until(connection, b"first bytes")


# The container


def instructions():
    """The Containerfile as (instruction, arguments), comments dropped and continued lines joined."""
    lines = [line for line in (DEPLOY / "Containerfile").read_text().splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [tuple(line.split(None, 1)) for line in joined.splitlines() if line.strip()]


def last_stage():
    every = instructions()
    last = max(index for index, (name, _) in enumerate(every) if name == "FROM")
    return every[last:]


def test_the_container_file_has_only_stages_and_files_that_exist():
    known = {"ARG", "FROM", "WORKDIR", "COPY", "RUN", "ENV", "VOLUME", "EXPOSE", "USER", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"}
    arguments, stages, named = {}, 0, set()
    for name, rest in instructions():
        assert name in known
        if name == "ARG":
            key, value = rest.split("=")
            arguments[key] = value
        elif name == "FROM":
            words = rest.split()
            assert words[0].strip("${}") in arguments
            stages += 1
            if len(words) == 3:
                assert words[1] == "AS"
                named.add(words[2])
        elif name == "COPY":
            *sources, _ = rest.split()
            if sources[0].startswith("--from="):
                assert sources[0].removeprefix("--from=") in named
            else:
                assert [source for source in sources if not (TOP / source).exists()] == []
        elif name in ("ENTRYPOINT", "CMD"):
            assert all(isinstance(part, str) for part in json.loads(rest))
    assert (stages, named) == (2, {"build"})


def test_the_container_runs_as_nobody_special():
    stage = dict(last_stage())
    user = int(stage["USER"].split(":")[0])
    assert user >= 1000
    assert f"--uid {user} " in " ".join(rest for name, rest in last_stage() if name == "RUN")
    assert stage["VOLUME"] == "/var/lib/sikimr"
    assert "SIKIMR_PLAIN_HTTP=on" in stage["ENV"] and "SIKIMR_LISTEN=0.0.0.0:8080" in stage["ENV"]


@pytest.mark.parametrize("name", ["packages.txt", "packages-runtime.txt", "packages-test.txt"])
def test_debian_knows_every_package(name):
    listed = packages(name)
    assert listed and len(set(listed)) == len(listed)
    known = re.findall(r"^Package: (\S+)$", run("apt-cache", "show", "--no-all-versions", *listed).stdout, re.MULTILINE)
    assert set(listed) - set(known) == set()


def test_the_container_has_every_library_the_program_loads():
    runtime = set(packages("packages-runtime.txt")) | {"libc6", "libgcc-s1"}
    answer = run("objdump", "--private-headers", PROGRAM)
    needed = re.findall(r"^\s+NEEDED\s+(\S+)$", answer.stdout, re.MULTILINE)
    # A debug build loads Swift's own libraries from the toolchain; the released program carries them.
    loaded = [name for name in needed if not re.match(r"lib(swift|_?Foundation|dispatch|BlocksRuntime)", name)]
    assert {"libcairo.so.2", "libsqlite3.so.0", "libxlsxwriter.so.4"} <= set(loaded), answer.stdout
    for name in loaded:
        owners = re.findall(r"^([a-z0-9.+-]+)(?::\S+)?: ", run("dpkg-query", "--search", f"*/{name}").stdout, re.MULTILINE)
        assert runtime & set(owners), (name, owners)


def test_the_container_has_the_fonts_of_the_documents():
    assert {"fonts-liberation2", "fonts-dejavu-core"} <= set(packages("packages-runtime.txt")) & set(packages("packages.txt"))


def health_check(port):
    command = json.loads(dict(last_stage())["HEALTHCHECK"].split("CMD ", 1)[1])
    assert "/127.0.0.1/8080" in command[-1]
    return run(*[part.replace("/127.0.0.1/8080", f"/127.0.0.1/{port}") for part in command]).returncode


def test_the_health_check_tells_a_ready_service_from_none(service):
    assert health_check(urllib.parse.urlsplit(service.base).port) == 0
    assert health_check(free_port()) != 0


def test_the_health_check_tells_a_draining_service(upstream):
    def drain():
        connection, _ = upstream.accept()
        with connection:
            received_until(connection, b"\r\n\r\n")
            connection.sendall(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    service = threading.Thread(target=drain)
    service.start()
    assert health_check(upstream.getsockname()[1]) != 0
    service.join(timeout=10)
