import Testing

@testable import WeirCore

#if DEBUG
    @Suite("A step that changes the state while it is looked at is stopped")
    struct StateWatchSpecs {
        @Test("a change from within a change of the state is told, and ends a debug build")
        func changeWithinChange() {
            let told = Self.tick { tick in
                tick.state.fleet.removeAll { _ in
                    tick.state.desiredCapacity = 0
                    return true
                }
            }
            #expect(told.contains { $0.contains("changes the state from within a change of the state") })
        }

        @Test("so is reading it from within a change")
        func readingWithinChange() {
            let told = Self.tick { tick in
                tick.state.fleet.removeAll { _ in tick.state.desiredCapacity == 1 }
            }
            #expect(told == ["a step of the tick reads the state from within a change of the state"])
        }

        @Test("one change after the other is what steps do all the time")
        func oneAfterTheOther() {
            let told = Self.tick { tick in
                tick.state.desiredCapacity = tick.state.fleet.count
                tick.state.fleet.removeAll()
                #expect(tick.state.fleet.isEmpty && tick.state.desiredCapacity == 1)
            }
            #expect(told.isEmpty)
        }

        /// - Returns: what was told of mistakes.
        private static func tick(_ step: (borrowing Tick) -> Void) -> [String] {
            var told: [String] = []
            let now = Instant(milliseconds: 0)
            var state = GroupState(seed: 1, createdAt: now, desiredCapacity: 1)
            state.fleet = [
                Instance(
                    id: InstanceID("i-1"), lifecycleState: .inService, launchedAt: now, inServiceAt: now,
                    stateSince: now)
            ]
            var evaluation = Evaluation(
                state: state, decision: Decision(previousDesired: 1, desired: 1, reasons: []), nextTick: now,
                nextMeasurement: now)
            var observation = Observation()
            withPlaces(GroupPolicy(name: "emails", minSize: 0, maxSize: 9), &observation, &evaluation) { places in
                places.watch.onMistake = { told.append($0) }
                step(Tick(places, at: now))
            }
            return told
        }
    }
#endif
