"""The simulated district's HTTPS server.

`sandbox` starts and stops it, `https` reads requests and sends replies, `api` decides what to reply,
`messages` is what they pass to each other. `oauth` verifies signatures, `profile` is the API Profile, `tls`
makes the certificate. `proxy` is the proxy of a network that demands one.
"""
