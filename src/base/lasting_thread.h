// A thread that lasts as long as its owner: want of memory ends what it is at, and not the process.
#pragma once

#include <functional>
#include <thread>

namespace patchbay {

// `work` returns when its owner has told it to end. Where memory fails it, it is told on standard
// error and begun again a moment later: so what it has to do stands in its owner and not in itself,
// and is taken from there when it is done.
std::thread lasting_thread(std::function<void()> work);

}  // namespace patchbay
