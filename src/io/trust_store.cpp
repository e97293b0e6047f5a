#include "io/trust_store.h"

#include <mutex>
#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

namespace patchbay::io {

namespace {

// What is still to be read into one store.
struct Bundle {
  X509_LOOKUP* lookup = nullptr;  // the store's
  std::once_flag read;
};

int bundle_index() {
  static const int index = X509_STORE_get_ex_new_index(
      0, nullptr, nullptr, nullptr, [](void*, void* bundle, CRYPTO_EX_DATA*, int, long, void*) {
        delete static_cast<Bundle*>(bundle);
      });
  return index;
}

bool is_valid_now(const X509* certificate) {
  return X509_cmp_current_time(X509_get0_notBefore(certificate)) < 0 &&
         X509_cmp_current_time(X509_get0_notAfter(certificate)) > 0;
}

int find_issuer(X509** issuer, X509_STORE_CTX* verification, X509* certificate) {
  const int found = X509_STORE_CTX_get1_issuer(issuer, verification, certificate);
  // The bundle may have the one by which an authority renewed what the folder still has.
  if (found < 0 || (found > 0 && is_valid_now(*issuer))) return found;
  if (found > 0) X509_free(std::exchange(*issuer, nullptr));
  auto* bundle = static_cast<Bundle*>(
      X509_STORE_get_ex_data(X509_STORE_CTX_get0_store(verification), bundle_index()));
  std::call_once(bundle->read, [&] {
    // Without such a file there is nothing more to trust, which is no fault of the handshake.
    ERR_set_mark();
    X509_LOOKUP_load_file(bundle->lookup, nullptr, X509_FILETYPE_DEFAULT);
    ERR_pop_to_mark();
  });
  return X509_STORE_CTX_get1_issuer(issuer, verification, certificate);
}

}  // namespace

void trust_system(ssl_ctx_st* context) {
  SSL_CTX_set_default_verify_dir(context);
  X509_STORE* const store = SSL_CTX_get_cert_store(context);
  auto* const bundle = new Bundle;
  bundle->lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  X509_STORE_set_ex_data(store, bundle_index(), bundle);
  X509_STORE_set_get_issuer(store, &find_issuer);
}

}  // namespace patchbay::io
