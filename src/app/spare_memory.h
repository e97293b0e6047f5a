// What small requests for memory get when there is no other: so that an attack that takes all of it
// ends what wants much, a body or an answer, and not what every room must be able to do.
//
// That matters most where want of memory has no way out. Asio begins an operation by giving the
// coroutine away, and where it then has no memory for the operation that coroutine is lost; a
// destructor, a callback and a thread of its own have nobody to throw to.
#pragma once

namespace patchbay::app {

// Lays 8 MB of addresses by, which are no memory until they are used, and again what was taken of
// them. For the process, until its end.
void lay_memory_by();

}  // namespace patchbay::app
