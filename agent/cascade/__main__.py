from agent.cascade.replay.command import main

if __name__ == "__main__":
    main()
