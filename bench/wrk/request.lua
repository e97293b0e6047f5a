-- One request, repeated; the outcome as one line of JSON.
--
--   wrk … -s request.lua <url> -- <method> [<file with headers> <file with the body>]

local function lines_of(path)
  local lines = {}
  for line in io.lines(path) do lines[#lines + 1] = line end
  return lines
end

function init(arguments)
  wrk.method = arguments[1]
  if arguments[2] then
    for _, line in ipairs(lines_of(arguments[2])) do
      local name, value = line:match("^([^:]+):%s*(.*)$")
      wrk.headers[name] = value
    end
    wrk.body = io.open(arguments[3], "rb"):read("*a")
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%.6f,"bytes":%d,"p50_us":%d,"p99_us":%d,' ..
    '"broken":%d,"refused":%d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes,
    latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.timeout, errors.status))
end
