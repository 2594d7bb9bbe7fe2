// The pictures of the manual, inside the program.
#ifndef CMANUAL_H
#define CMANUAL_H

#include <stddef.h>

/// A picture: a WebP file and what an HTML page says of it.
struct manual_picture {
    /// The file's name without its ending.
    const char *name;
    /// Its measures in pixels.
    int width;
    int height;
    /// The file.
    const unsigned char *bytes;
    size_t length;
};

/// How many pictures there are.
size_t manual_picture_count(void);

/// One of them; NULL for a number that none has.
const struct manual_picture *manual_picture_at(size_t index);

#endif
