// The bodies of test_certificate.h; named so that they belong to the test program.
#include "http/test_certificate.h"

#include <cstdio>
#include <cstdlib>

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace patchbay::http {

namespace {

std::shared_ptr<EVP_PKEY> new_key() {
  return {EVP_EC_gen("P-256"), &EVP_PKEY_free};
}

void name(X509_NAME* subject, const char* common_name) {
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(common_name), -1, -1, 0);
}

void extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  REQUIRE(extension != nullptr);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

std::shared_ptr<X509> new_certificate(EVP_PKEY* key, int serial, int from_days, int to_days) {
  constexpr long kDay = 24L * 60 * 60;
  std::shared_ptr<X509> certificate(X509_new(), &X509_free);
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from_days * kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), to_days * kDay);
  X509_set_pubkey(certificate.get(), key);
  return certificate;
}

template <class Write>
void write_file(const std::filesystem::path& path, Write write) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  REQUIRE(file != nullptr);
  write(file);
  std::fclose(file);
}

}  // namespace

TestAuthority::TestAuthority() : key_(new_key()) {
  std::string pattern = (std::filesystem::temp_directory_path() / "patchbay-tls-XXXXXX").string();
  REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  directory_ = pattern;
  certificate_ = own_certificate(-10, 10);
  write_file(ca_file(), [&](std::FILE* file) { PEM_write_X509(file, certificate_.get()); });
}

std::shared_ptr<X509> TestAuthority::own_certificate(int from_days, int to_days) const {
  std::shared_ptr<X509> made = new_certificate(key_.get(), 1, from_days, to_days);
  name(X509_get_subject_name(made.get()), "Patchbay test CA");
  X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
  extend(made.get(), made.get(), NID_basic_constraints, "critical,CA:TRUE");
  extend(made.get(), made.get(), NID_key_usage, "critical,keyCertSign");
  X509_sign(made.get(), key_.get(), EVP_sha256());
  return made;
}

std::string TestAuthority::former_ca_file() const {
  const std::string path = (directory_ / "former.pem").string();
  const auto former = own_certificate(-10, -1);
  write_file(path, [&](std::FILE* file) { PEM_write_X509(file, former.get()); });
  return path;
}

TestAuthority::~TestAuthority() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

TestAuthority::Files TestAuthority::issue(const std::string& names, int from_days, int to_days,
                                          const char* common_name) {
  std::string stem = std::to_string(++issued_);
  Files files{(directory_ / (stem + ".pem")).string(), (directory_ / (stem + ".key")).string()};
  auto key = new_key();
  auto leaf = new_certificate(key.get(), 1 + issued_, from_days, to_days);
  name(X509_get_subject_name(leaf.get()), common_name);
  X509_set_issuer_name(leaf.get(), X509_get_subject_name(certificate_.get()));
  if (!names.empty()) extend(leaf.get(), certificate_.get(), NID_subject_alt_name, names);
  X509_sign(leaf.get(), key_.get(), EVP_sha256());
  write_file(files.certificate, [&](std::FILE* file) { PEM_write_X509(file, leaf.get()); });
  write_file(files.key, [&](std::FILE* file) {
    PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  return files;
}

}  // namespace patchbay::http
