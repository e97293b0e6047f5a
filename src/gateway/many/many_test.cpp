#include "gateway/test_world.h"
