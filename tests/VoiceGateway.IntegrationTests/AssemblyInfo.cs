// A telephone call is mostly waiting, so calls of several tests may wait at once. What measures time or load has the machine to itself.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
