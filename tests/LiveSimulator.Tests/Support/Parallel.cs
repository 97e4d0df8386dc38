// The sessions wait for speech to be heard most of the time: more of them than processors can run side by side.
[assembly: CollectionBehavior(MaxParallelThreads = 8)]
