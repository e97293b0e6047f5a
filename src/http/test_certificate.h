// For tests: a certificate authority made on the spot, and certificates of it, as PEM files in a
// directory that goes when the object goes.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

struct evp_pkey_st;
struct x509_st;

namespace patchbay::http {

class TestAuthority {
 public:
  TestAuthority();
  ~TestAuthority();

  std::string ca_file() const { return (directory_ / "ca.pem").string(); }
  // Of the same name and key, and over since yesterday.
  std::string former_ca_file() const;
  struct Files {
    std::string certificate;
    std::string key;
  };
  // `names` as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1"; "": none.
  Files issue(const std::string& names, int valid_from_days = -1, int valid_to_days = 1,
              const char* common_name = "Patchbay test");

 private:
  std::shared_ptr<x509_st> own_certificate(int from_days, int to_days) const;

  std::filesystem::path directory_;
  std::shared_ptr<evp_pkey_st> key_;
  std::shared_ptr<x509_st> certificate_;
  int issued_ = 0;
};

}  // namespace patchbay::http
