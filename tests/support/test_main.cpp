// SPDX-License-Identifier: Apache-2.0
#ifdef LEVEE_TEST_GUI
#include <QApplication>
using Application = QApplication;
#else
#include <QCoreApplication>
using Application = QCoreApplication;
#endif

#include "tests/support/test_registry.h"

int main(int argc, char** argv) {
    const Application application(argc, argv);
    return levee::test::runTests(argc, argv);
}
