// PlatformIO compiles .ino files only in its source folder, which is the library's: so the sketch comes in here.
#include "../examples/CrazyflieLink/CrazyflieLink.ino"
