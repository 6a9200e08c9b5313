-- OAuth 1.0 without tokens (RFC 5849): one consumer, HMAC-SHA1, a recent timestamp, a new nonce. Otherwise 401.

local WINDOW_SECONDS = 300
local REQUIRED = { "consumer_key", "nonce", "signature", "signature_method", "timestamp" }

local function encode(text)
    return (text:gsub("[^%w._~-]", function(char) return ("%%%02X"):format(char:byte()) end))
end

local function read(text, pattern, into)
    for name, value in text:gmatch(pattern) do
        into[#into + 1] = { ngx.unescape_uri(name), ngx.unescape_uri(value) }
    end
    return into
end

local function base_string(parameters)
    local lines = {}
    for _, pair in ipairs(parameters) do
        if pair[1] ~= "oauth_signature" and pair[1] ~= "realm" then
            -- A space sorts before every character left after encoding, so lines are sorted by name, then value.
            lines[#lines + 1] = encode(pair[1]) .. " " .. encode(pair[2])
        end
    end
    table.sort(lines)
    local url = ngx.var.scheme .. "://" .. ngx.var.http_host:lower() .. ngx.var.uri
    local sorted = table.concat(lines, "&"):gsub(" ", "=")
    return ngx.req.get_method() .. "&" .. encode(url) .. "&" .. encode(sorted)
end

local function accepted()
    local header = (ngx.var.http_authorization or ""):match("^OAuth (.*)") or ""
    local parameters = read(header, '([%w_]+)="([^"]*)"', {})
    local oauth = {}
    for _, pair in ipairs(parameters) do
        oauth[pair[1]:gsub("^oauth_", "")] = pair[2]
    end
    for _, name in ipairs(REQUIRED) do
        if not oauth[name] then
            return false
        end
    end
    read(ngx.var.args or "", "([^&=]+)=?([^&]*)", parameters)
    local signature = ngx.hmac_sha1(encode(ngx.var.consumer_secret) .. "&", base_string(parameters))
    return oauth.consumer_key == ngx.var.consumer_key
        and oauth.signature_method == "HMAC-SHA1"
        and oauth.signature == ngx.encode_base64(signature)
        and math.abs(ngx.time() - (tonumber(oauth.timestamp) or 0)) <= WINDOW_SECONDS
        and ngx.shared.nonces:safe_add(oauth.timestamp .. " " .. oauth.nonce, true, 2 * WINDOW_SECONDS)
end

if not accepted() then
    ngx.exit(ngx.HTTP_UNAUTHORIZED)
end
