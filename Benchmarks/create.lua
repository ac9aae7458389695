-- One consultation a request, each with a subject of its own.
local run = os.getenv("BENCH_RUN") or "0"
local count = 0

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"

function request()
    count = count + 1
    local body = string.format('{"subject":"Konsultasi %s-%d","detail":"Apakah aturan ini berlaku bagi satuan kerja kami?"}', run, count)
    return wrk.format(nil, nil, nil, body)
end
