// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <cstdio>
#include <fstream>
#include <map>
#include <string>

#include "tests/support/http_fixture.h"

namespace levee::test {

/// A real Prometheus on a free loopback port, with its data in a scratch folder.
class PrometheusServer {
public:
    /// True, with a line that says so, when there is none to run.
    static bool isMissing() {
        if (!QStandardPaths::findExecutable("prometheus").isEmpty())
            return false;
        std::puts("SKIP: prometheus is not installed");
        return true;
    }

    /// Waits until it is ready, at most a minute.
    explicit PrometheusServer(const std::string& configuration, const QStringList& flags = {})
        : address_(HttpFixture::refusedAddress()) {
        const QString config = directory_.filePath("prometheus.yml");
        std::ofstream(config.toStdString()) << configuration;
        process_.setStandardOutputFile(QProcess::nullDevice());
        process_.setStandardErrorFile(directory_.filePath("log"));
        process_.start("prometheus",
                       QStringList{"--config.file=" + config,
                                   "--storage.tsdb.path=" + directory_.filePath("data"),
                                   "--web.listen-address=" + QString::fromStdString(address_)} +
                           flags);
        QElapsedTimer waited;
        waited.start();
        while (!get("/-/ready").contains("Ready") && waited.elapsed() < 60'000 &&
               process_.state() != QProcess::NotRunning)
            QTest::qWait(50);
    }
    ~PrometheusServer() {
        process_.kill();
        process_.waitForFinished();
    }
    PrometheusServer(const PrometheusServer&) = delete;
    PrometheusServer& operator=(const PrometheusServer&) = delete;

    const std::string& address() const { return address_; }
    std::string log() const {
        QFile file(directory_.filePath("log"));
        return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
    }

    QByteArray get(const std::string& path) const {
        QByteArray body;
        CURL* curl = curl_easy_init();
        curl_easy_setopt(curl, CURLOPT_URL, ("http://" + address_ + path).c_str());
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &PrometheusServer::append);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
        curl_easy_perform(curl);
        curl_easy_cleanup(curl);
        return body;
    }
    QJsonObject data(const std::string& path) const {
        return QJsonDocument::fromJson(get(path)).object()["data"].toObject();
    }

    /// Series of an instant query, as `name{label=value,...}` in the order of the labels, and the
    /// value as text.
    std::multimap<std::string, std::string> query(const std::string& expression) const {
        char* const escaped = curl_easy_escape(nullptr, expression.c_str(), 0);
        const QJsonObject answer = data("/api/v1/query?query=" + std::string(escaped));
        curl_free(escaped);
        std::multimap<std::string, std::string> all;
        for (const auto& entry : answer["result"].toArray())
            all.emplace(textOf(entry.toObject()["metric"].toObject()),
                        entry.toObject()["value"].toArray()[1].toString().toStdString());
        return all;
    }

    static std::string textOf(const QJsonObject& labels) {
        std::string text = labels["__name__"].toString().toStdString() + '{';
        for (const QString& key : labels.keys()) {
            if (key != "__name__")
                text += key.toStdString() + '=' + labels[key].toString().toStdString() + ',';
        }
        return text + '}';
    }

private:
    static size_t append(char* data, size_t size, size_t count, void* to) {
        static_cast<QByteArray*>(to)->append(data, static_cast<qsizetype>(size * count));
        return size * count;
    }

    QTemporaryDir directory_;
    const std::string address_;
    QProcess process_;
};

}  // namespace levee::test
