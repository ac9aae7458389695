"""Measures the recap of a month with very many closed cases, while others read."""

import http.client
import json
import sqlite3
import statistics
import threading
import time

CASES = 100_000


class Recap:
    """A service whose present month has that many closed consultations, and what its recap takes."""

    def __init__(self, service, cases=CASES):
        self.service, self.cases = service, cases
        self.seconds, self.reads, self.memory = {}, [], 0.0

    def fill(self):
        """Puts the rows that closing cases leaves straight into the database of the stopped service."""
        database = sqlite3.connect(self.service.database)
        units = [row[0] for row in database.execute("select id from unit order by id")]
        officers = database.execute("select id, unit_id from user_account where username like 'petugas._' order by id").fetchall()
        self.period = time.strftime("%Y-%m", time.gmtime(time.time() + 7 * 3600))
        now = int(time.time() * 1000)
        rows, points = [], []
        for number in range(self.cases):
            case, officer = f"con_9{number:025d}", officers[number % len(officers)]
            title = f"Konsultasi mitigasi risiko proyek pada rehabilitasi sekolah paket {number}"
            steps = "2:1/0 5:1/1" if number % 7 == 0 else "2:1/0 5:1/0"
            topic, closed = ("compliance", "risk_management")[number % 2], now - number * 1000
            rows.append((
                "consultation", self.period, case, f"KON-2026-{500_000 + number}", title, "closed", units[number % len(units)], officer[0], topic,
                closed - 86_400_000, closed, steps, 1,
            ))  # fmt: skip
            points.append((f"pts_9{number:025d}", *officer, self.period, 1, 0, "pending", "consultation.closed", 1, "consultation", case, closed))
        database.executemany(f"insert into recap_row values ({','.join('?' * 13)})", rows)
        names = "id, user_id, unit_id, period, points, bonus, status, rule, rule_version, subject_type, subject_id, created_at_ms"
        database.executemany(f"insert into performance_point ({names}) values ({','.join('?' * 12)})", points)
        database.commit()
        database.close()

    def measure(self):
        token = self.service.sign_in("admin", self.service.password)
        idle = self.service.memory()
        made = self.service.call("POST", "/v1/recaps", token, {"kind": "consultation", "period": self.period}, accept=(201,))[1]
        path = f"/v1/recaps/{made['id']}"
        stop = threading.Event()
        reader = threading.Thread(target=self.read, args=(token, stop))
        reader.start()
        try:
            self.time("compile", "POST", f"{path}/submit", token)
            for _ in range(3):
                for form in ("pdf", "xlsx", "csv", "json"):
                    self.time(form, "GET", f"{path}?format={form}", token)
        finally:
            stop.set()
            reader.join()
        self.memory -= idle

    def time(self, name, method, target, token):
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=120)
        connection.request(method, target, headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        while answer.read(1 << 20):
            pass
        connection.close()
        if answer.status != 200:
            raise SystemExit(f"{method} {target} answered {answer.status}")
        self.seconds.setdefault(name, []).append(time.perf_counter() - began)

    def read(self, token, stop):
        """Lists of 20, one after the other, until told to stop; meanwhile the memory is watched."""
        connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=120)
        while not stop.is_set():
            began = time.perf_counter()
            connection.request("GET", "/v1/consultations?limit=20", headers={"Authorization": f"Bearer {token}"})
            json.loads(connection.getresponse().read())
            self.reads.append((time.perf_counter() - began) * 1000)
            self.memory = max(self.memory, self.service.memory())
            time.sleep(0.005)
        connection.close()

    def floors(self):
        """What is asked of it, as `report` takes it."""
        seconds = {name: statistics.median(times) for name, times in self.seconds.items()}
        p99 = sorted(self.reads)[int(len(self.reads) * 0.99)]
        return [
            (f"recap of {self.cases} cases: compile, s", seconds["compile"], 2.0, False),
            (f"recap of {self.cases} cases: PDF, s", seconds["pdf"], 3.0, False),
            (f"recap of {self.cases} cases: XLSX, s", seconds["xlsx"], 5.0, False),
            ("memory above idle meanwhile, MB", self.memory, 150.0, False),
            ("list of 20 meanwhile, p99 ms", p99, 20.0, False),
        ]
