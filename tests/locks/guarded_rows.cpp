// Who may read and who may change what a ControlPlane knows. Each line that says "refused" must not
// compile, for that reason; all others must.
#include "control/guarded_rows.h"

#include <type_traits>

// clang-format off: a line and what is said of it stay together.
namespace patchbay::control {

// Who may only read gets what cannot be changed.
static_assert(std::is_same_v<decltype(&GuardedRows::read), const Rows& (GuardedRows::*)() const>);

class Plane {
 public:
  std::size_t read() const {
    const Reading reading(rows_);
    return count() + rows_.read().servers.size();
  }
  void change() {
    const Writing writing(rows_);
    if (count() > 0) ++changes_;
    put("a");
    {
      const Applying applying(rows_);
      rows_.change().accounts.clear();
      ++changes_;
    }
    if (count() > 0) put("b");
  }

  std::size_t read_without() const {
    return rows_.read().servers.size();  // refused: calling function 'read' requires holding lock 'rows_.mutex'
  }
  void change_while_reading() {
    const Reading reading(rows_);
    rows_.change().accounts.clear();  // refused: calling function 'change' requires holding lock 'rows_.mutex' exclusively
  }
  void change_while_writing() {
    const Writing writing(rows_);
    rows_.change().accounts.clear();  // refused: calling function 'change' requires holding lock 'rows_.mutex' exclusively
  }
  void apply_without_writing() {
    const Applying applying(rows_);  // refused: releasing lock 'rows_.writing' that was not held; releasing lock 'rows_.mutex' that was not held
  }
  void apply_while_reading() {
    const Reading reading(rows_);
    const Applying applying(rows_);  // refused: releasing lock 'rows_.writing' that was not held
  }
  void apply_twice() {
    const Writing writing(rows_);
    const Applying applying(rows_);
    const Applying again(rows_);  // refused: releasing lock 'rows_.mutex' using shared access, expected exclusive access
  }
  void read_while_writing() {
    const Writing writing(rows_);
    const Reading reading(rows_);  // refused: acquiring lock 'rows_.mutex' that is already held
  }
  void put_while_reading() {
    const Reading reading(rows_);
    put("c");  // refused: calling function 'put' requires holding lock 'rows_.writing' exclusively
  }
  void change_after_applying() {
    const Writing writing(rows_);
    { const Applying applying(rows_); }
    rows_.change().accounts.clear();  // refused: calling function 'change' requires holding lock 'rows_.mutex' exclusively
  }
  void count_changes() {
    const Reading reading(rows_);
    ++changes_;  // refused: writing variable 'changes_' requires holding lock 'rows_.writing' exclusively
  }

 private:
  std::size_t count() const PATCHBAY_REQUIRES_SHARED(rows_.mutex) {
    return rows_.read().accounts.size();
  }
  void put(std::string id) PATCHBAY_REQUIRES(rows_.writing) PATCHBAY_REQUIRES_SHARED(rows_.mutex) {
    if (rows_.read().accounts.contains(id)) return;
    const Applying applying(rows_);
    rows_.change().accounts[id] = {};
  }

  GuardedRows rows_;
  int changes_ PATCHBAY_GUARDED_BY(rows_.writing) = 0;
};

}  // namespace patchbay::control
