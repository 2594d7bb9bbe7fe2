#include "CManual.h"

// #embed is C23; the compiler that comes with Swift takes it everywhere and says so.
#pragma clang diagnostic ignored "-Wc23-extensions"

#define PICTURE(name, file, width, height) { name, width, height, file, sizeof file }

#include "pictures.inc"

size_t manual_picture_count(void) {
    return sizeof all / sizeof all[0];
}

const struct manual_picture *manual_picture_at(size_t index) {
    return index < manual_picture_count() ? &all[index] : NULL;
}
