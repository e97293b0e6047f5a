#include "control/state.h"

namespace patchbay::control {

// Unchecked inside, both: clang does not follow a lock that another object holds.
ControlPlane::Change::Change(Impl& impl) PATCHBAY_LOCKS_UNCHECKED : impl_(impl) {
  impl_.holding.lock();
}

ControlPlane::Change::~Change() PATCHBAY_LOCKS_UNCHECKED {
  using Next = SnapshotHolder::Next;
  if (!only_read) impl_.absent.clear();
  if (snapshot_) impl_.holder.set(snapshot_->finish(), only_read ? Next::more : Next::changed);
  impl_.holding.unlock();
  if (!expiry_changed) return;
  const MutexLock lock(impl_.callbacks_mutex);
  if (impl_.expiry_callback) impl_.expiry_callback();
}

SnapshotEditor& ControlPlane::Change::snapshot() {
  if (!snapshot_) snapshot_.emplace(impl_.holder.current());
  return *snapshot_;
}

}  // namespace patchbay::control
