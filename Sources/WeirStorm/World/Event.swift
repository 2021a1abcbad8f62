/// Something that happens. What is large waits in slots.
enum Event {
    // The world.
    case arrive(group: Int)
    case finish(worker: Int, letter: Int)
    case begins(worker: Int, generation: Int)
    case isReady(worker: Int, generation: Int)
    case ends(worker: Int, generation: Int, code: Int)
    case completesHooks(group: Int)

    // What weir waits for; of an earlier process nobody hears any more.
    case look(group: Int, epoch: Int, timer: Int)
    case step(group: Int, epoch: Int)
    case tick(group: Int, epoch: Int, held: Int)
    case measured(Int)
    case listed(Int)
    case changed(group: Int, epoch: Int)
    case round(group: Int, epoch: Int, number: Int)

    // Actions under way.
    case goesOn(run: Int)
    case engineDoes(run: Int)
    case answered(run: Int)

    // Weather.
    case weather
    case operatorActs
    case engineReturns
    case restarts
    case heals(worker: Int)
    case comesBack(group: Int)

    // The calm.
    case lookAfter
    case exam(stage: Int)
}
