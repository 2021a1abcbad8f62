import WeirCore
import WeirRuntime

/// An action under way: the steps of `Action.steps`, on made-up time.
struct HandRun {
    let group: Int
    let epoch: Int
    /// Of the loop that ordered it.
    let life: Int
    let action: Action
    let template: Int?
    let worker: Int
    let steps: [HandStep]
    var position = 0
    /// What the last look behind the gate saw.
    var held: Int?
    /// What the launcher answers when it does.
    var failure: String?
    /// The launcher is to do it only after it was said to have failed.
    var isDoneLate = false
}

extension Storm {
    func perform(_ ordered: OrderedAction, in group: StormGroup) {
        let action = ordered.action
        checks.isBegun(action, in: group, self)
        if let imagined = group.imagined, options.bug != .dryRunActs {
            let result = imagined.imagine(action)
            group.loop?.value.finished(action, result)
            return signal(group)
        }
        let worker = position(of: action.instance, in: group)
        let steps = options.bug.map { $0.steps(of: action) } ?? action.steps
        var run = HandRun(
            group: group.number, epoch: epoch, life: group.life, action: action, template: ordered.template,
            worker: worker, steps: steps)
        switch (action, ordered.former) {
        case (.launch, .forgotten), (.prepare, .forgotten):
            run.failure = "version \(ordered.template ?? 0) of what is launched is not kept any more"
        default: break
        }
        let number = runs.put(run)
        if case .runHook = action { group.hookRuns.append(number) }
        if run.failure != nil { return agenda.add(.answered(run: number), at: now + 1) }
        goOn(number)
    }

    /// Does what can be done at once, up to a step that takes time.
    func goOn(_ number: Int) {
        guard let run = runs[number] else { return }
        guard run.epoch == epoch else { return runs.remove(number) }
        let group = groups[run.group]
        var position = run.position
        while position < run.steps.count {
            let step = run.steps[position]
            position += 1
            runs[number]?.position = position
            switch step {
            case .openGate: setGate(run.worker, closed: false)
            case .closeGate: setGate(run.worker, closed: true)
            case .lookBehindGate:
                let held = lookBehindGate(run.worker, in: group)
                runs[number]?.held = held
                if held != 0 { return finish(number) }
            case .waitQuietTime:
                let time = WeirRuntime.Limits.quietTime.wholeMilliseconds
                return agenda.add(.goesOn(run: number), at: now + time)
            case .countBusy: setGate(run.worker, closed: true)
            case .forget:
                checks.isForgotten(run.worker, in: self)
                if group.seesWork { letGo(run.worker) }
                handOut(group)
            case .call(let call): return begin(call, number, run, group)
            case .runHook:
                let isLong = isStormy && chance.one(in: 10)
                runs[number]?.failure = isStormy && chance.one(in: 8) ? "exit code 1" : nil
                return agenda.add(.answered(run: number), at: now + chance.spell(isLong ? 100_000 : 3000))
            }
        }
        finish(number)
    }

    private func setGate(_ worker: Int, closed: Bool) {
        let group = groups[workers[worker].group]
        guard group.seesWork else { return }
        workers[worker].gateIsClosed = closed
        if !closed { handOut(group) }
    }

    private func lookBehindGate(_ worker: Int, in group: StormGroup) -> Int? {
        guard group.seesWork else { return nil }
        setGate(worker, closed: true)
        let held = workers[worker].holds.count
        return options.bug.map { $0.look(held, worker, self, group) } ?? held
    }

    /// The answer of whoever was asked is there.
    func answered(_ number: Int) {
        guard let run = runs[number] else { return }
        guard run.epoch == epoch else {
            if !run.isDoneLate { runs.remove(number) }
            return
        }
        if run.failure != nil { finish(number) } else { goOn(number) }
    }

    private func finish(_ number: Int) {
        guard let run = runs[number] else { return }
        let group = groups[run.group]
        if run.isDoneLate { runs[number]?.failure = nil } else { runs.remove(number) }
        if case .runHook = run.action {
            // Called off: nobody hears it.
            guard group.hookRuns.contains(number) else { return }
            group.hookRuns.removeAll { $0 == number }
        }
        guard run.epoch == epoch, run.life == group.life, group.loop != nil else { return }
        let result = run.failure.map { run.action.outcome(failed: $0) } ?? run.action.outcome(held: run.held)
        tell("answered: \(run.action.word) \(run.action.instance) \(result)")
        group.loop?.value.finished(run.action, result)
        carryOut(group)
        signal(group)
    }
}
