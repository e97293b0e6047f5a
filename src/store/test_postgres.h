// A PostgreSQL server of the tests' own: made in a temporary folder, on loopback and a port that
// was free, without waiting for the disk; ended when the tests end, also by a crash.
#pragma once

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/secret.h"
#include "store/test_folder.h"

namespace patchbay::store {

class TestPostgres {
 public:
  // One for all tests of the program; the first that asks starts it.
  static TestPostgres& instance() {
    static TestPostgres server;
    return server;
  }
  ~TestPostgres() { stop(); }
  TestPostgres(const TestPostgres&) = delete;
  TestPostgres& operator=(const TestPostgres&) = delete;

  static constexpr const char* kPassword = "s3cret/of:the@test";

  // A new database: empty, or as that one is, to which nobody is connected.
  std::string create_database(const std::string& like = "template1") {
    const std::string name = "test_" + std::to_string(++databases_);
    sql("postgres", "CREATE DATABASE " + name + " TEMPLATE " + like);
    return name;
  }
  Secret url(const std::string& database, const std::string& more = "") const {
    return Secret("postgresql://postgres:s3cret%2Fof%3Athe%40test@127.0.0.1:" +
                  std::to_string(port_) + "/" + database + more);
  }
  // A connection beside the program's.
  std::shared_ptr<PGconn> connect(const std::string& database) const {
    const std::string settings = "host=" + folder_.path().string() +
                                 " port=" + std::to_string(port_) +
                                 " user=postgres dbname=" + database;
    return {PQconnectdb(settings.c_str()), PQfinish};
  }
  // Runs SQL behind the program's back; returns the first value of the first row.
  std::string sql(const std::string& database, const std::string& text) const {
    return sql(connect(database).get(), text);
  }
  static std::string sql(PGconn* connection, const std::string& text) {
    const std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(connection, text.c_str()),
                                                                PQclear);
    const auto status = PQresultStatus(result.get());
    const bool done = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
    REQUIRE_MESSAGE(done, PQerrorMessage(connection));
    return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
  }

  // From here on it also takes TLS, with a certificate for that host of an authority of the tests,
  // whose own certificate is in the file that this returns.
  std::string take_tls(const std::string& host) {
    const std::string folder = folder_.path().string() + "/";
    const auto openssl = [&](const std::string& name, const std::string& subject,
                             const std::vector<std::string>& more) {
      std::vector<std::string> command = {"/usr/bin/openssl",
                                          "req",
                                          "-x509",
                                          "-newkey",
                                          "ec",
                                          "-pkeyopt",
                                          "ec_paramgen_curve:prime256v1",
                                          "-nodes",
                                          "-days",
                                          "2",
                                          "-keyout",
                                          folder + name + ".key",
                                          "-out",
                                          folder + name + ".pem",
                                          "-subj",
                                          "/CN=" + subject};
      command.insert(command.end(), more.begin(), more.end());
      int status = 0;
      const pid_t made = run_as_postgres(command);
      REQUIRE(waitpid(made, &status, 0) == made);
      REQUIRE_MESSAGE(status == 0, "openssl failed; its words are in " << log());
    };
    openssl("authority", "Authority of the tests", {});
    openssl("server", host,
            {"-addext", "subjectAltName=DNS:" + host, "-CA", folder + "authority.pem", "-CAkey",
             folder + "authority.key"});
    sql("postgres", "ALTER SYSTEM SET ssl_cert_file = '" + folder + "server.pem'");
    sql("postgres", "ALTER SYSTEM SET ssl_key_file = '" + folder + "server.key'");
    switch_tls("on");
    return folder + "authority.pem";
  }
  void take_no_tls() { switch_tls("off"); }

  void stop() {
    if (server_ <= 0) return;
    kill(server_, SIGINT);  // ends sessions, writes what there is, goes
    int status = 0;
    waitpid(server_, &status, 0);
    server_ = 0;
  }
  void start() {
    server_ = run_as_postgres({program("postgres"), "-D", data(), "-p", std::to_string(port_), "-c",
                               "listen_addresses=127.0.0.1", "-c",
                               "unix_socket_directories=" + folder_.path().string(), "-c",
                               "fsync=off", "-c", "full_page_writes=off", "-c",
                               "max_connections=100", "-c", "shared_buffers=32MB"});
    for (int i = 0; i < 1'000; ++i) {
      if (PQstatus(connect("postgres").get()) == CONNECTION_OK) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    FAIL("PostgreSQL did not start; its words are in " << log());
  }

 private:
  TestPostgres() {
    const passwd* const user = getpwnam("postgres");
    // PostgreSQL refuses to run as root; any other user is as good as its own.
    if (geteuid() == 0) {
      REQUIRE_MESSAGE(user != nullptr, "there is no user postgres: run scripts/setup.sh test");
      user_ = user->pw_uid;
      group_ = user->pw_gid;
      REQUIRE(chown(folder_.path().c_str(), user_, group_) == 0);
    }
    const std::string password_file = (folder_.path() / "password").string();
    std::ofstream(password_file) << kPassword << '\n';
    const pid_t made = run_as_postgres({program("initdb"), "-D", data(), "--username=postgres",
                                        "--pwfile=" + password_file, "--auth-local=trust",
                                        "--auth-host=scram-sha-256", "--encoding=UTF8",
                                        "--locale=C.UTF-8", "--no-sync"});
    int status = 0;
    REQUIRE(waitpid(made, &status, 0) == made);
    REQUIRE_MESSAGE(status == 0, "initdb failed; its words are in " << log());
    port_ = free_port();
    start();
  }

  std::string data() const { return (folder_.path() / "data").string(); }
  std::string log() const { return (folder_.path() / "log").string(); }

  // Of the newest version that is installed; Debian keeps them apart from the commands of users.
  static std::string program(const std::string& name) {
    std::vector<std::string> found;
    std::error_code error;
    for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", error)) {
      const std::filesystem::path path = version.path() / "bin" / name;
      if (std::filesystem::exists(path)) found.push_back(path.string());
    }
    REQUIRE_MESSAGE(!found.empty(), "PostgreSQL is not installed: run scripts/setup.sh test");
    return std::ranges::max(found);
  }

  void switch_tls(const std::string& to) const {
    sql("postgres", "ALTER SYSTEM SET ssl = " + to);
    sql("postgres", "SELECT pg_reload_conf()");
    for (int i = 0; i < 500 && sql("postgres", "SHOW ssl") != to; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  pid_t run_as_postgres(const std::vector<std::string>& command) const {
    std::vector<char*> arguments;
    for (const std::string& each : command) arguments.push_back(const_cast<char*>(each.c_str()));
    arguments.push_back(nullptr);
    const std::string words = log();
    const pid_t parent = getpid();
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child > 0) return child;
    if (geteuid() == 0) {
      if (setgroups(0, nullptr) != 0 || setgid(group_) != 0 || setuid(user_) != 0) _exit(126);
    }
    // Ends with the tests however they end; after setuid, which would take it back.
    prctl(PR_SET_PDEATHSIG, SIGQUIT);
    if (getppid() != parent) _exit(125);
    const int file = open(words.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(file, STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
    if (chdir("/") != 0) _exit(124);
    execv(arguments[0], arguments.data());
    _exit(127);
  }

  static int free_port() {
    const int probe = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(bind(probe, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    close(probe);
    return ntohs(address.sin_port);
  }

  const TestFolder folder_;
  uid_t user_ = 0;
  gid_t group_ = 0;
  int port_ = 0;
  pid_t server_ = 0;
  int databases_ = 0;
};

}  // namespace patchbay::store
