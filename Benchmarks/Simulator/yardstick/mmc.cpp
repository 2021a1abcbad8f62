// M/M/c by the textbook: one heap of everything that will happen, taken event by event. The yardstick of the simulator's kernel:
// the same jobs (xoshiro256++, exponential lengths in whole microseconds), the same order (moment, then order of entry), the same
// figures, and an alarm that looks once a minute (3 of 5), in plain C++.
//
// mmc JOBS SERVERS LOAD [SEED]    prints JSON

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

// Blackman and Vigna, xoshiro256++, seeded by splitmix64.
struct Random {
    uint64_t a, b, c, d;

    explicit Random(uint64_t seed) {
        uint64_t* const parts[] = {&a, &b, &c, &d};
        for (uint64_t* part : parts) {
            seed += 0x9E3779B97F4A7C15;
            uint64_t mixed = seed;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            *part = mixed ^ (mixed >> 31);
        }
    }

    uint64_t next() {
        const uint64_t sum = a + d;
        const uint64_t result = ((sum << 23) | (sum >> 41)) + a;
        const uint64_t shifted = b << 17;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= shifted;
        d = (d << 45) | (d >> 19);
        return result;
    }

    // Above 0, at most 1.
    double unit() { return double((next() >> 11) + 1) * 0x1p-53; }

    // Nanoseconds, in whole microseconds; rounded as the simulator does, without a call.
    int64_t exponential(double mean) {
        const double microseconds = -std::log(unit()) * mean * 1e6;
        const int64_t whole = int64_t(microseconds);
        return (whole + int64_t(2 * (microseconds - double(whole)))) * 1000;
    }
};

enum class Kind : uint32_t { arrival, departure, alarm };

struct Event {
    int64_t at;
    uint32_t number;
    Kind kind;

    bool before(const Event& other) const { return at < other.at || (at == other.at && number < other.number); }
};

// A heap of four children for each.
class Agenda {
    std::vector<Event> events;
    uint32_t entered = 0;

public:
    void add(int64_t at, Kind kind) {
        const Event event{at, entered++, kind};
        events.push_back(event);
        size_t child = events.size() - 1;
        while (child > 0) {
            const size_t parent = (child - 1) / 4;
            if (!event.before(events[parent])) break;
            events[child] = events[parent];
            child = parent;
        }
        events[child] = event;
    }

    Event take() {
        const Event first = events[0];
        const Event last = events.back();
        events.pop_back();
        const size_t count = events.size();
        size_t parent = 0;
        while (parent * 4 + 1 < count) {
            size_t best = parent * 4 + 1;
            const size_t end = std::min(best + 4, count);
            for (size_t child = best + 1; child < end; child++)
                if (events[child].before(events[best])) best = child;
            if (!events[best].before(last)) break;
            events[parent] = events[best];
            parent = best;
        }
        if (count > 0) events[parent] = last;
        return first;
    }
};

struct Job {
    int64_t arrival, service;
};

// Those that wait, the oldest first, in a ring whose length is a power of two.
class Line {
    std::vector<Job> ring = std::vector<Job>(1024);
    size_t head = 0, count = 0;

public:
    bool empty() const { return count == 0; }
    size_t size() const { return count; }

    void push(Job job) {
        if (count == ring.size()) {
            std::vector<Job> larger(count * 2);
            for (size_t index = 0; index < count; index++) larger[index] = ring[(head + index) & (count - 1)];
            ring.swap(larger);
            head = 0;
        }
        ring[(head + count++) & (ring.size() - 1)] = job;
    }

    Job pop() {
        const Job job = ring[head];
        head = (head + 1) & (ring.size() - 1);
        count--;
        return job;
    }
};

int main(int count, char** words) {
    const int64_t jobs = count > 1 ? std::atoll(words[1]) : 1'000'000;
    const int64_t servers = count > 2 ? std::atoll(words[2]) : 100;
    const double load = count > 3 ? std::atof(words[3]) : 0.95;
    const uint64_t seed = count > 4 ? std::strtoull(words[4], nullptr, 10) : 1;
    const double gap = 1 / (load * double(servers));
    const int64_t minute = 60'000'000'000;

    const auto began = std::chrono::steady_clock::now();
    Random gaps(seed), services(seed + 1);
    Agenda agenda;
    Line line;
    std::vector<int64_t> waits;
    int64_t idle = servers, left = jobs, undone = jobs, now = 0, events = 0, longest = 0, sum = 0, zeros = 0;
    int64_t service = 0, alarms = 0;
    unsigned history = 0;

    auto follow = [&] {
        if (left-- == 0) return;
        const int64_t at = now + gaps.exponential(gap);
        service = services.exponential(1);
        agenda.add(at, Kind::arrival);
    };
    auto start = [&](Job job) {
        const int64_t wait = now - job.arrival;
        if (wait > 0) waits.push_back(wait); else zeros++;
        sum += wait;
        longest = std::max(longest, wait);
        agenda.add(now + job.service, Kind::departure);
    };

    follow();
    agenda.add(0, Kind::alarm);
    while (undone > 0) {
        const Event event = agenda.take();
        now = event.at;
        events++;
        switch (event.kind) {
        case Kind::arrival: {
            const Job job{now, service};
            follow();
            if (idle > 0) {
                idle--;
                start(job);
            } else {
                line.push(job);
            }
            break;
        }
        case Kind::departure:
            undone--;
            if (line.empty()) idle++; else start(line.pop());
            break;
        case Kind::alarm:
            history = history << 1 | (line.size() > 10 ? 1 : 0);
            if (__builtin_popcount(history & 31) >= 3) alarms++;
            agenda.add(now + minute, Kind::alarm);
            break;
        }
    }

    auto percentile = [&](double share) {
        const int64_t rank = int64_t(std::ceil(share * double(jobs))) - 1 - zeros;
        if (rank < 0) return 0.0;
        std::nth_element(waits.begin(), waits.begin() + rank, waits.end());
        return double(waits[size_t(rank)]) / 1e9;
    };
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    const double p95 = percentile(0.95), p99 = percentile(0.99);
    std::printf(
        "{\"jobs\":%lld,\"events\":%lld,\"seconds\":%.6f,\"mean\":%.12f,\"max\":%.9f,\"p95\":%.9f,\"p99\":%.9f,"
        "\"alarms\":%lld}\n",
        (long long)jobs, (long long)events, took.count(), double(sum) / 1e9 / double(jobs), double(longest) / 1e9, p95,
        p99, (long long)alarms);
}
