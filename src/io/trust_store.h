// The certificate authorities that the system trusts, read when a handshake asks for one of them.
#pragma once

// OpenSSL's own name, so that this header does not pull in OpenSSL.
struct ssl_ctx_st;

namespace patchbay::io {

// As SSL_CTX_set_default_verify_paths, with the same authorities in the end: the folder
// (SSL_CERT_DIR, else the system's) has each under the hash of its name, and is asked first; the
// file that holds all of them (SSL_CERT_FILE, else the system's) is read once, by the first
// handshake whose issuer the folder does not have, or has as it was before it was renewed. Reading
// it at once is 237 million instructions with Debian's 140 authorities, a quarter of a start. Any
// number of threads may verify meanwhile.
void trust_system(ssl_ctx_st* context);

}  // namespace patchbay::io
