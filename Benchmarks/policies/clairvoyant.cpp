// A schedule of somebody who knows all arrivals and all service times beforehand: which instance does which job
// when, so that a share of the waits is within a target, at few instance-hours. The yardstick of policies, which
// know the past only.
//
// Every schedule that it prints can be carried out, so its cost is never below the least possible one. It is freer
// than any policy: it decides the order of the jobs, too, and those that may be late are late as long as it likes.
//
// clairvoyant JOBS.csv SCHEDULE.csv TARGET SHARE OVERHEAD    JOBS.csv: submit_s,service_s, in the order of submit_s
//
// TARGET is in seconds; OVERHEAD is what an instance costs beside its jobs and gaps, from its launch to its first
// job and from its last job to its end. SCHEDULE.csv has a line for each job, instance by instance, in the order in
// which they are done.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <queue>
#include <set>
#include <string>
#include <vector>

using Nanoseconds = int64_t;
constexpr Nanoseconds second = 1'000'000'000;
constexpr Nanoseconds never = INT64_MAX / 4;

// How often jobs are chosen that may be late; each time the rest is scheduled anew.
constexpr int rounds = 8;
// The most jobs in a row of one instance that are looked at together, to be late.
constexpr int longestRun = 20;
// How many of the instances that ended last, and of the jobs that may be late, are tried with each other.
constexpr int instancesTried = 16, fillersTried = 8;

struct Job {
    Nanoseconds submitted, service;
};

struct World {
    std::vector<Job> jobs;
    Nanoseconds target, overhead;
};

// Jobs of one instance in a fixed order, each begun between its arrival and its deadline: the least time from the
// first begin to the last end, and between when the first may begin for it to be so little. Two of them in a row
// are one of them again (Vidal, Crainic, Gendreau, Prins, A hybrid genetic algorithm with adaptive diversity
// management for a large class of vehicle routing problems with time-windows, Computers & Operations Research 40,
// 2013, section 4.5).
struct Span {
    Nanoseconds length, earliest, latest;

    Nanoseconds earliestEnd() const { return earliest + length; }
    Nanoseconds latestEnd() const { return latest + length; }
};

Span spanOf(const World& world, int job, bool late) {
    const Job& one = world.jobs[job];
    return {one.service, one.submitted, late ? never : one.submitted + world.target};
}

// `next` can still begin in time after `first`.
bool fits(const Span& first, const Span& next) { return first.earliestEnd() <= next.latest; }

Span joined(const Span& first, const Span& next) {
    const Nanoseconds gap = std::max<Nanoseconds>(next.earliest - first.latestEnd(), 0);
    return {first.length + gap + next.length, std::max(next.earliest - first.length, first.earliest) - gap,
            std::min(next.latest - first.length, first.latest)};
}

struct Instance {
    Span span;
    std::vector<int> jobs;

    void append(int job, const Span& next) {
        span = joined(span, next);
        jobs.push_back(job);
    }
};

using Schedule = std::vector<Instance>;

Nanoseconds cost(const World& world, const Schedule& schedule) {
    Nanoseconds sum = 0;
    for (const Instance& instance : schedule) sum += instance.span.length + world.overhead;
    return sum;
}

// Gives the jobs, as they come, to instances: to one that need not be idle before, else to one that does a late job
// in between, else to the one that is idle least, else to a new one. A begin stays open between earliest and latest
// as long as it can.
class Scheduler {
public:
    Scheduler(const World& world, const std::vector<char>& late) : world(world), late(late) {}

    Schedule run() {
        for (int job = 0; job < int(world.jobs.size()); job++) {
            if (late[job]) {
                fillers.insert({world.jobs[job].service, job});
            } else {
                give(job);
            }
        }
        giveRest();
        return std::move(schedule);
    }

private:
    using Moment = std::pair<Nanoseconds, int>;

    const World& world;
    const std::vector<char>& late;
    Schedule schedule;
    std::priority_queue<Moment, std::vector<Moment>, std::greater<Moment>> busy;  // by their earliest end
    std::set<Moment> free;                                                        // by their latest end
    std::multimap<Nanoseconds, int> fillers;                                      // late jobs, by service time

    void give(int job) {
        const Nanoseconds now = world.jobs[job].submitted;
        for (; !busy.empty() && busy.top().first <= now + world.target; busy.pop()) {
            const int instance = busy.top().second;
            free.insert({schedule[instance].span.latestEnd(), instance});
        }
        const int instance = withoutGap(now);
        append(instance >= 0 ? instance : filled(job), job);
    }

    // Of those that need not be idle the one that would be idle first.
    int withoutGap(Nanoseconds now) {
        const auto found = free.lower_bound({now, -1});
        return found == free.end() ? -1 : taken(found);
    }

    // One that was at its end, and does a late job until it can do this one; or one that is idle for less than a
    // new one costs.
    int filled(int job) {
        const Span next = spanOf(world, job, false);
        int tried = 0;
        for (auto place = free.rbegin(); place != free.rend() && tried < instancesTried; ++place, tried++) {
            const int filler = fillerBetween(schedule[place->second].span, next);
            if (filler < 0) continue;
            const int instance = taken(std::prev(place.base()));
            schedule[instance].append(filler, spanOf(world, filler, true));
            return instance;
        }
        if (free.empty() || next.earliest - free.rbegin()->first >= world.overhead) return -1;
        return taken(std::prev(free.end()));
    }

    // A late job that leaves no gap, neither before it nor behind.
    int fillerBetween(const Span& before, const Span& next) {
        auto filler = fillers.lower_bound(next.earliest - before.latestEnd());
        for (int tried = 0; filler != fillers.end() && tried < fillersTried; ++filler, tried++) {
            const int job = filler->second;
            const Span with = joined(before, spanOf(world, job, true));
            if (!fits(with, next)) return -1;
            if (with.length > before.length + world.jobs[job].service || with.latestEnd() < next.earliest) continue;
            fillers.erase(filler);
            return job;
        }
        return -1;
    }

    int taken(std::set<Moment>::iterator place) {
        const int instance = place->second;
        free.erase(place);
        return instance;
    }

    void append(int instance, int job) {
        if (instance >= 0) {
            schedule[instance].append(job, spanOf(world, job, false));
        } else {
            instance = int(schedule.size());
            schedule.push_back({spanOf(world, job, false), {job}});
        }
        busy.push({schedule[instance].span.earliestEnd(), instance});
    }

    // A late job for which there was no gap is done by an instance that otherwise would end then, by the first
    // after it has come.
    void giveRest() {
        std::set<std::pair<Nanoseconds, int>> rest;
        for (const auto& filler : fillers) rest.insert({world.jobs[filler.second].submitted, filler.second});
        std::set<Moment> ends;
        for (int which = 0; which < int(schedule.size()); which++) {
            ends.insert({schedule[which].span.latestEnd(), which});
        }
        for (const auto& [submitted, job] : rest) {
            auto place = ends.lower_bound({submitted, -1});
            if (place == ends.end()) --place;
            const int which = place->second;
            ends.erase(place);
            schedule[which].append(job, spanOf(world, job, true));
            ends.insert({schedule[which].span.latestEnd(), which});
        }
    }
};

// Jobs in a row of one instance, and what is saved for each of them when another does them, sometime.
struct Run {
    double saved;
    int instance, from, count;
};

void addRuns(const World& world, const std::vector<char>& late, const Schedule& schedule, int which,
             std::vector<Run>& runs) {
    const std::vector<int>& jobs = schedule[which].jobs;
    const int count = int(jobs.size());
    std::vector<Span> until, since;
    for (int job : jobs) {
        const Span span = spanOf(world, job, late[job]);
        until.push_back(until.empty() ? span : joined(until.back(), span));
    }
    since.resize(count);
    for (int place = count - 1; place >= 0; place--) {
        const Span span = spanOf(world, jobs[place], late[jobs[place]]);
        since[place] = place + 1 < count ? joined(span, since[place + 1]) : span;
    }
    for (int from = 0; from < count; from++) {
        Nanoseconds work = 0;
        for (int end = from; end < std::min(count, from + longestRun) && !late[jobs[end]]; end++) {
            work += world.jobs[jobs[end]].service;
            const Nanoseconds before = from > 0 ? until[from - 1].length + world.overhead : 0;
            const Nanoseconds behind = end + 1 < count ? since[end + 1].length + world.overhead : 0;
            Nanoseconds rest = before + behind;
            if (from > 0 && end + 1 < count) {
                rest = std::min(rest, joined(until[from - 1], since[end + 1]).length + world.overhead);
            }
            const Nanoseconds saved = until.back().length + world.overhead - rest - work;
            if (saved > 0) runs.push_back({double(saved) / (end - from + 1), which, from, end - from + 1});
        }
    }
}

// Those for which most is saved may be late, so many in all; none next to another, as what they save would not be
// the sum.
void letBeLate(const World& world, const Schedule& schedule, long most, std::vector<char>& late) {
    std::vector<Run> runs;
    for (int which = 0; which < int(schedule.size()); which++) addRuns(world, late, schedule, which, runs);
    const auto savesMore = [](const Run& one, const Run& other) { return one.saved > other.saved; };
    std::stable_sort(runs.begin(), runs.end(), savesMore);
    std::vector<char> chosen(world.jobs.size());
    long sum = std::count(late.begin(), late.end(), 1);
    for (const Run& run : runs) {
        const std::vector<int>& jobs = schedule[run.instance].jobs;
        const auto first = jobs.begin() + std::max(0, run.from - 1);
        const auto end = jobs.begin() + std::min(int(jobs.size()), run.from + run.count + 1);
        if (sum + run.count > most || std::any_of(first, end, [&](int job) { return chosen[job]; })) continue;
        for (int place = run.from; place < run.from + run.count; place++) late[jobs[place]] = chosen[jobs[place]] = 1;
        sum += run.count;
    }
}

Schedule best(const World& world, double share) {
    const long jobs = long(world.jobs.size());
    const long most = jobs - long(std::ceil(share * double(jobs)));
    std::vector<char> late(jobs);
    Schedule schedule = Scheduler(world, late).run();
    Schedule cheapest = schedule;
    for (int round = 1; round <= rounds && most > 0; round++) {
        letBeLate(world, schedule, most * round / rounds, late);
        schedule = Scheduler(world, late).run();
        if (cost(world, schedule) < cost(world, cheapest)) cheapest = schedule;
    }
    return cheapest;
}

void write(const World& world, const Schedule& schedule, const char* path) {
    FILE* file = std::fopen(path, "w");
    if (!file) std::exit(1);
    std::fprintf(file, "instance,job,begin_ns\n");
    for (size_t instance = 0; instance < schedule.size(); instance++) {
        Nanoseconds now = schedule[instance].span.earliest;
        for (int job : schedule[instance].jobs) {
            now = std::max(now, world.jobs[job].submitted);
            std::fprintf(file, "%zu,%d,%lld\n", instance, job, static_cast<long long>(now));
            now += world.jobs[job].service;
        }
    }
    if (std::fclose(file)) std::exit(1);
}

World read(const char* path, double target, double overhead) {
    World world{{}, std::llround(target * second), std::llround(overhead * second)};
    FILE* file = std::fopen(path, "r");
    if (!file) std::exit(1);
    char line[256];
    // What is told of the load, and the head.
    do {
        if (!std::fgets(line, sizeof line, file)) std::exit(1);
    } while (line[0] == '#');
    while (std::fgets(line, sizeof line, file)) {
        char* comma = nullptr;
        const double submitted = std::strtod(line, &comma);
        const double service = std::strtod(comma + 1, nullptr);
        world.jobs.push_back({std::llround(submitted * second), std::llround(service * second)});
    }
    std::fclose(file);
    return world;
}

int main(int count, char** words) {
    if (count != 6) {
        std::fprintf(stderr, "usage: clairvoyant JOBS.csv SCHEDULE.csv TARGET SHARE OVERHEAD\n");
        return 2;
    }
    const World world = read(words[1], std::atof(words[3]), std::atof(words[5]));
    write(world, best(world, std::atof(words[4])), words[2]);
}
